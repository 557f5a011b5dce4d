"""Watches that would match nearly everything: found out on stored articles, or guessed from their terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tocsin.matching.leaves import SCANNED, Leaf, Sort, Zone, leaf_of
from tocsin.matching.matcher import Matcher
from tocsin.matching.query.nodes import And, Field, FieldIs, Near, Node, Or, Phrase
from tocsin.matching.query.regex import find_regex
from tocsin.matching.query.sense import asks_for_something
from tocsin.matching.trees import tree_of
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import Watch
from tocsin.text.fold import fold_term

TOO_BROAD = 0.2
"""Share of all articles from which on a watch is no help."""

# ruff: noqa: RUF001 - words in Cyrillic

# The words that stand in most articles of their language, and so say nothing of what it is about.
_COMMONEST = frozenset(
    """
    a about after all also an and are as at be because been before but by can could did do first for from had has have
    he her his how i if in into is it its just last like made make many may more most new no not now of on one only or
    other our out over people said say says she should since so some such than that the their them then there these
    they this those time to two under up was we week were what when where which while who will with would year years
    you your
    aber als am auch auf aus bei bis das dass dem den der des die durch ein eine einem einen einer es fur haben hat ich
    ihm ihr im ist jahr kann mehr mit nach nicht noch nur oder sagte sei sein seine seit sich sie sind so uber um und
    uns unter vom von vor werden wie wir wird wurde zu zum zur
    au aussi aux avec cette comme dans de des deux du elle en entre est et ete etre fait il ils je la le les leur lui
    mais meme ne nous ont ou par pas plus pour qu que qui sa sans ses son sont sur tous tout un une
    al ante cada como con contra cuando del desde dos el ella era esta este fue ha hasta han hay las lo los mas muy
    nos o otro para pero por porque se segun ser si sin sobre su sus tambien tras una uno y ya
    ao aos com da das do dos ele em foi isso ja mas na nas no nos num os ou pela pelo quando sao seu sua tambem tem um
    uma
    alla anche ai che chi ci con dal dalla degli dei del della delle di dopo e ed gli i il loro ma nei nel nella non
    piu questa questo sono stato su sul sulla tra
    aan bij dat de deze die dit door een en er hebben heeft het hij is maar met meer naar niet nog of om onder ook op
    over te tot uit van veel voor wat werd worden zijn
    do i jak jest juz na nie od oraz po przez przy sie tak to tym w we z za ze ktore ktory
    bir bu cok da daha de gibi icin ile ise kadar ne olan olarak ve
    а без был была были было быть в во все для до его ее если же за и из или им их к как который которые мы на не но
    о об он она они от по под после при с со так также то того только что это этого
    але в від для до з за і й із на не по про та також у що як
    الى ان او بعد في كان كانت كما لا ما مع من هذا هذه هو هي و التي الذي على عن قد
    """.split()  # noqa: SIM905 - a page of quotes and commas would be read by nobody
)


_SENTENCE = "It was the 1st time that they had said so, and not all of them would."
_HEADLINE = "Talks end"
"""What an expression must not find, lest it finds something in every article; in a title, by its length alone."""

_PARTS_OF_ADDRESSES = {"http": 0.9, "https": 0.9, "www": 0.9, "com": 0.5, "html": 0.5, "org": 0.2}

_EVERYWHERE, _OF_ONE_LANGUAGE = 0.9, 0.5


def guessed_share(watch: Watch, others: Mapping[WatchId, Watch] | None = None) -> float:
    """Return the share of articles (0..1) that a watch must be feared to match, by its terms alone; mostly 0.

    ``others`` are the watches that it may ask for; one that is not among them counts as narrow.
    """
    return _Guess(others or {}).share(tree_of(watch), None)


@dataclass(frozen=True, slots=True)
class _Guess:
    """The shares of the parts of a watch; ``others`` shrinks on the way through watches that ask for each other."""

    others: Mapping[WatchId, Watch]

    def share(self, node: Node, asked: Field | None) -> float:
        match node:
            case And():
                return min(self.share(part, asked) for part in node.parts if asks_for_something(part))
            case Or():
                return max(self.share(part, asked) for part in node.parts)
            case FieldIs():
                return self.share(node.part, node.name)
            case Near():
                return min(self.share(operand, asked) for operand in node.operands)
            case Phrase() if asked is Field.WATCH:
                return self.of_watch(WatchId(node.text))
            case _:
                return _share_of_leaf(leaf_of(node, asked))

    def of_watch(self, asked: WatchId) -> float:
        if asked not in self.others:
            return 0.0
        rest = {other: watch for other, watch in self.others.items() if other != asked}
        return _Guess(rest).share(tree_of(self.others[asked]), None)


def _share_of_leaf(leaf: Leaf) -> float:
    if leaf.sort is Sort.LANG:
        return _OF_ONE_LANGUAGE
    if leaf.sort is Sort.URL:
        return _PARTS_OF_ADDRESSES.get(leaf.written.casefold().strip(":/."), 0.0)
    if leaf.sort is Sort.REGEX:
        probe = _HEADLINE if leaf.zone is Zone.TITLE else _SENTENCE
        return _EVERYWHERE if any(find_regex(leaf.written, probe, 1)) else 0.0
    if leaf.sort not in SCANNED or leaf.zone is Zone.TITLE or leaf.written.isupper():
        return 0.0
    return _EVERYWHERE if fold_term(leaf.written) in _COMMONEST else 0.0


def asks_for_language_only(watch: Watch) -> bool:
    """Return whether an article needs nothing but its language to meet a watch, or one branch of it."""
    return _is_language_only(tree_of(watch), None)


def _is_language_only(node: Node, asked: Field | None) -> bool:
    match node:
        case And():
            return all(_is_language_only(part, asked) for part in node.parts if asks_for_something(part))
        case Or():
            return any(_is_language_only(part, asked) for part in node.parts)
        case FieldIs():
            return _is_language_only(node.part, node.name)
        case _:
            return asked is Field.LANG


def measured_shares(matcher: Matcher, documents: Iterable[Document]) -> dict[WatchId, float]:
    """Return the share of some articles that each watch matches; one that matches none is not in it."""
    counted: Counter[WatchId] = Counter()
    articles = 0
    for document in documents:
        counted.update(matcher.decide(document))
        articles += 1
    return {watch: count / articles for watch, count in counted.items()}
