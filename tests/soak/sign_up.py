"""Chains as people write them, read and compared with what was meant: ``python -m tests.soak.sign_up``."""

import argparse
import sys

from tests.services.rules.roster.chains import make_people, read_chains


def main() -> None:
    """Read chains of the demo's names and print how many entries were in doubt and how many wrong."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--chains", type=int, default=2000)
    options.add_argument("--seed", type=int, default=5)
    chosen = options.parse_args()
    tally = read_chains(chosen.chains, make_people(4500, chosen.seed), chosen.seed)
    share = tally.doubts / tally.entries
    print(f"{chosen.chains:,} chains, {tally.entries:,} entries: {share:.1%} in doubt, {len(tally.wrong)} wrong")
    sys.exit(bool(tally.wrong) or share > 0.1)


if __name__ == "__main__":
    main()
