"""Made-up and damaged files for every reader, and honest large ones: nothing but a sound answer, soon, in bounded memory."""
