import sys

from tests.oracle.report import main

sys.exit(main(sys.argv[1:]))
