"""Makes anew what in the docs is made: `python -m tests.docs`. Look at the difference before you keep it."""

from tests.docs import made

if __name__ == "__main__":
    made.VISIT.write_bytes(made.visit())
    made.FIRST_RECORDING.write_text(made.first_recording(), encoding="utf-8")
    made.FROM_PYTHON.write_text(made.from_python(), encoding="utf-8")
    made.MEASURES.write_text(made.measures(), encoding="utf-8")
    made.OPENAPI.write_text(made.openapi(), encoding="utf-8")
