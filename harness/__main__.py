"""`python -m harness` is `untp-crm`."""

from harness.cli import main

if __name__ == "__main__":
    main()
