"""What outsiders and colleagues could work out from everything that was published, and how useful it was.

Written from the promise alone (``docs/explanation/pulses-that-cannot-be-subtracted.md``), not from the code that keeps
it: an attacker that shares a thought with the guard shares its blind spot. Needs the extra ``audit``.

- ``figures``: what was published, as an attacker sees it;
- ``rowspace``: which sums follow from other sums, in exact arithmetic;
- ``worlds``: which answers are possible, given bands and what an insider knows;
- ``attackers``: subtraction, roster differences, insiders;
- ``organisations``: made-up organisations with joiners, movers, leavers and reorganisations;
- ``naive``: rules of publication that look safe and are not, to show that the attackers work.
"""
