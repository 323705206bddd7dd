"""``python -m pgiris``"""

from pgiris.cli import main

if __name__ == "__main__":
    main()
