"""The whole road of a document on one machine: servers, service, signatures, two stores, proof."""
