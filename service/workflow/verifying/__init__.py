"""What a paper, a file or a package proves to be, in layers, in a sentence, as a protocol."""
