"""What is measured of ours, and what measurements are made of; run in processes of their own."""
