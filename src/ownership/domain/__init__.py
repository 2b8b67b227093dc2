"""The domain: people, and what they own of their development. Values in, values out.

Nothing here reads a clock, draws a number, opens a file or remembers anything; ``now``, ids and seeds come in as
arguments. Read it in this order; a file may use those above it and never those below:

1. ``texts``, ``moments``, ``shapes``, ``moves``: what may be stored as text, as a day, an instant, an id or a number;
   what a status allows; ``classification``: what a stored field is, and how long it is kept;
   ``scales``: what several questions say together, and "not enough data"
2. ``people``: persons, their dated relations, and the audiences they choose
3. ``facts``, ``journal``: what happened to shared things; who looked at what; ``register``: what is stored of people,
   what for, who reads it and how long; ``ledger``: who was erased, in salted digests; ``arrivals``: what came along
   from an earlier workplace
4. ``cycles``: the programme of check-ins, and its rhythm of days; ``experiments``: small trials inside a goal;
   ``budgets``: money and hours to learn with, and the request beyond them;
   ``cohorts``: who is always published together; ``publication``: the only path to a published figure
5. ``goals``, ``check_ins``, ``reflections``, ``learning``, ``feedback``: the five nouns of one's own development;
   ``needs``: what someone needs from someone, with a day and an answer;
   ``delegations``, ``self_checks``: what someone who supports others hands over, and asks himself;
   ``rests``: developing nothing for now
6. ``plans``: goals, choices and agreements as they stood on a day, acknowledged by both;
   ``suggestions``: a goal that a colleague suggests;
   ``directions``: from a few answers about oneself to three ways to go;
   ``team_moments``: a team that talks about development together;
   ``agreements``: what was promised in talks and is still open; ``initiative``: who set things going;
   ``pulse``: a few questions to everyone, and the answer to what they said
7. ``directory``: people according to an HRIS, and the plan to follow it
8. ``leadership``: the next talk prepared with questions, and the path from instructor to guide
9. ``figures``: how the organisation does, by the rules of publication;
   ``visibility``: who may see what, and why; ``reminders``: who hears what, once
10. ``hand_over``: what moves along at a change of manager
11. ``next_steps``, ``explanations``, ``overview``: all of it, for the person herself, and where each number comes from
12. ``bundle``: all that is hers, to take along, and its arrival elsewhere; ``erasure``: nothing of a person is left;
    ``retention``: nothing is kept longer than it may be

Every file has the same order: ids, enums, the table of moves, classes, plan functions.
"""
