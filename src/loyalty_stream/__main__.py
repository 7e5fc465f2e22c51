"""Run the command line as `python -m loyalty_stream`."""

from loyalty_stream.cli import main

if __name__ == "__main__":
    main()
