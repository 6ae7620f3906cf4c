"""What a gradient check comes to, in words: each outcome, the numbers in the sentence, and what can't be judged told apart."""

import math
from dataclasses import replace

import numpy as np
import pytest

from app.engine import TensorCheck
from app.engine.verdict import disagreeing, not_finite, verdict, verdict_on_cell, worst

NAN, INF = math.nan, math.inf


def check(analytic, numeric, kinks=(), checked=None, noise=1e-10, tensor="dW", layer=1, rounded=0.0, doubt=0.0) -> TensorCheck:
    """One row of numbers; `kinks` are columns, `checked` too (all when left out)."""
    shape = (1, len(analytic))
    cols = range(len(analytic)) if checked is None else checked
    is_checked, is_kink = np.zeros(shape, bool), np.zeros(shape, bool)
    is_checked[0, list(cols)], is_kink[0, list(kinks)] = True, True
    numbers = np.where(is_checked, np.array([numeric], float), NAN)
    return TensorCheck(
        tensor, layer, np.array([analytic], float), numbers, is_checked, is_kink, noise, 1e-5, 1.0, np.array([rounded]), np.array([doubt])
    )


class TestOnAll:
    def test_agrees_and_tells_the_largest_error(self):
        told = verdict([check([1.0, 2.0], [1.0, 2.000002]), check([4.0], [4.0])])
        assert told.outcome == "agrees"
        assert told.words == "3 gradients agree with central differences; the largest relative error is 1.0e-06."

    def test_of_a_sample_says_of_how_many(self):
        told = verdict([check([1.0] * 2000, [1.0] * 2000, checked=range(1500))])
        assert told.words.startswith("1,500 of 2,000 gradients agree with central differences;")

    @pytest.mark.parametrize("wrong", [3.06, -3.0, 0.0, INF, NAN])
    def test_disagrees_and_shows_where(self, wrong):
        told = verdict([check([1.0], [1.0], tensor="db"), check([1.0, 3.0, wrong], [1.0, 3.0, 3.0], tensor="dA", layer=2)])
        assert told.outcome == "disagrees"
        assert told.words.startswith("1 of the 4 gradients disagrees with central differences: dA[2] at row 0, column 2 is ")
        assert told.words.endswith(" by difference.")

    def test_shows_both_numbers_of_the_tensor_with_the_most_errors(self):
        one, many = check([1.0, 1.0], [1.0, 2.0], layer=1), check([0.25, 1.0], [0.5, 3.0], layer=2)
        told = verdict([one, many])
        assert told.words == (
            "3 of the 4 gradients disagree with central differences: dW[2] at row 0, column 0 is 0.25 in the trace and 0.5 by difference."
        )

    def test_of_a_sample_that_disagrees_reads_as_one_sentence(self):
        told = verdict([check([1.0, 1.0, 1.0], [1.0, 2.0, 0.0], checked=[0, 1])])
        assert told.words.startswith(
            "1 of the 2 gradients checked, out of 3, disagrees with central differences: dW[1] at row 0, column 1 "
        )

    @pytest.mark.parametrize("kinked", [5.0, NAN])
    def test_a_kink_is_no_error_but_is_told(self, kinked):
        told = verdict([check([1.0, 1.0], [1.0, kinked], kinks=[1])])
        assert told.outcome == "agrees"
        assert told.words == (
            "1 of the 2 gradients agrees with central differences; the largest relative error is 0.0e+00. Not judged: at 1 of them a kink "
            "lies between the two points, and the difference is no derivative."
        )

    def test_a_small_gradient_is_told(self):
        told = verdict([check([1.0, 1e-9], [1.0, 1.05e-9])])
        assert told.outcome == "agrees"
        assert "1 is so small that a difference can't resolve it to 5 digits; it agrees within rounding" in told.words
        assert "the largest relative error is 0.0e+00" in told.words, "the small one's own error says nothing"
        told = verdict([check([1.0, 1e-9, 1e-9], [1.0, 1.05e-9, 0.95e-9])])
        assert "2 are so small that a difference can't resolve them to 5 digits; they agree within rounding" in told.words

    def test_a_few_that_agree_do_not_speak_for_many_that_could_not_be_judged(self):
        told = verdict([check([1.0, 1e-9, 1e-9], [1.0, 1.05e-9, 0.95e-9])])
        assert told.outcome == "partly"
        assert told.words.startswith("1 of the 3 gradients agrees with central differences; ")
        assert ". Not judged: 2 are so small that " in told.words
        assert verdict([check([1.0, 1e-9], [1.0, 1.05e-9])]).outcome == "agrees"

    def test_nor_other_tensors_for_one_that_was_compared_with_nothing(self):
        right = check([1.0] * 9, [1.0] * 9)
        assert verdict([right, check([1.0], [2.0], kinks=[0], tensor="db")]).outcome == "partly"
        assert verdict([right, check([1.0], [NAN], tensor="db")]).outcome == "partly"
        assert verdict([right, check([1.0], [1.1], doubt=[0.2], tensor="db")]).outcome == "partly"
        assert verdict([right, check([1e-9], [2e-9], noise=1e-8, tensor="db")]).outcome == "agrees", "small it is, by both"
        edited = replace(right, factor=0.5, numeric=2 * right.numeric)
        told = verdict([edited, check([1.0], [2.0], kinks=[0], tensor="db")])
        assert told.outcome == "partly"
        assert told.words.startswith("Edits multiply gradients on their way back")

    def test_nothing_is_proved_on_a_step_with_numbers_that_are_not_finite(self):
        zeros = check([0.0, 0.0], [0.0, 0.0])
        for told in (verdict([zeros], is_finite=False), verdict_on_cell(check([0.0], [0.0]), is_finite=False)):
            assert told.outcome == "not_finite"
            assert told.words.startswith("Numbers of this step are not finite")
        assert verdict([check([1.0], [2.0])], is_finite=False).outcome == "disagrees"

    def test_says_when_nothing_can_be_judged(self):
        kinks, small, lost = check([1.0], [2.0], kinks=[0]), check([1e-9], [2e-9], noise=1e-8), check([1.0], [NAN])
        assert verdict([kinks, kinks]).outcome == "kinks"
        assert verdict([small, small]).outcome == "small"
        assert verdict([lost, lost]).outcome == "not_finite"
        for checks in ([kinks, kinks], [lost, lost], [kinks, lost], [kinks, small], [lost, small]):
            assert verdict(checks).words.startswith("None of the 2 gradients can be judged (")
        assert verdict([small, small]).words == (
            "All of the 2 gradients agree with central differences within rounding, but are too small for more to be said."
        )
        words = verdict([kinks, lost]).words
        assert "at 1 of them a kink lies between the two points" in words
        assert "at 1 of them the loss is not finite" in words

    def test_what_differences_can_not_resolve_is_told_and_not_wrong(self):
        told = verdict([check([1.0, 3.0], [1.0, 3.1], doubt=[0.0, 0.2])])
        assert told.outcome == "agrees"
        assert "1 is not resolved: the loss is curved so strongly that differences at ever smaller steps do not settle" in told.words
        assert "the largest relative error is 0.0e+00" in told.words, "what is not resolved has no error to tell"
        assert verdict([check([3.0], [3.1], doubt=[0.2])]).outcome == "unresolved"
        assert verdict([check([3.0], [3.1], doubt=[0.05])]).outcome == "disagrees"
        assert verdict([check([3.0], [INF], doubt=[INF])]).outcome == "not_finite"

    def test_an_extrapolated_difference_is_told(self):
        told = verdict([check([1.0, 3.0], [1.0, 3.0], doubt=[0.0, 1e-9])])
        assert told.outcome == "agrees"
        assert "(1 was compared with a difference extrapolated from smaller steps, as the loss is strongly curved)" in told.words

    def test_what_float32_rounds_away_is_told_as_that(self):
        told = verdict([check([1.0, 1e-3], [1.0, 1.05e-3], rounded=[1e-7, 1e-4])])
        assert told.outcome == "agrees"
        assert "1 is so small that rounding to float32 leaves it fewer than 5 digits; it agrees within rounding" in told.words
        assert verdict([check([1.0, 1e-3], [1.0, 1.2e-3], rounded=[1e-7, 1e-4])]).outcome == "disagrees"

    @pytest.mark.parametrize("analytic", [1.0, NAN, INF])
    @pytest.mark.parametrize("numeric", [NAN, INF, -INF])
    def test_a_loss_that_is_not_finite_makes_nobody_wrong(self, analytic, numeric):
        told = verdict([check([analytic, 1.0], [numeric, 1.0])])
        assert told.outcome == "agrees"
        assert "at 1 of them the loss is not finite, and there is no difference to take" in told.words
        assert "nan" not in told.words

    def test_a_finite_difference_does(self):
        told = verdict([check([NAN, 1.0], [3.0, 1.0])])
        assert told.outcome == "disagrees"
        assert "is nan in the trace and 3 by difference" in told.words

    def test_where_the_rounding_of_the_loss_has_no_size_nothing_is_said(self):
        assert verdict([check([1.0], [1.5], noise=NAN)]).outcome == "not_finite"


class TestOnOneCell:
    @pytest.mark.parametrize(
        ("analytic", "numeric", "kinks", "outcome", "words"),
        [
            (1.0, 1.0, [], "agrees", "The gradient and the central difference are equal to the last digit."),
            (0.0, 0.0, [], "agrees", "The gradient and the central difference are equal to the last digit."),
            (1.0, 1.000001, [], "agrees", "The gradient agrees with the central difference: the relative error is 1.0e-06."),
            (1.0, 1.02, [], "disagrees", "The gradient disagrees with the central difference: the relative error is 2.0e-02."),
            (1.0, -1.0, [], "disagrees", "The gradient disagrees with the central difference: the relative error is 2.0e+00."),
            (NAN, 1.0, [], "disagrees", "The gradient disagrees with the central difference: it is nan in the trace and 1 by difference."),
            (1.0, 1.5, [0], "kinks", "A kink lies between the two points, so the difference is no derivative"),
            (NAN, NAN, [0], "kinks", "A kink lies between the two points, so the difference is no derivative"),
            (1e-9, 2e-11, [], "small", "The gradient is too small for a difference to resolve; the two agree within rounding."),
            (1.0, NAN, [], "not_finite", "The loss is not finite at the two points, so there is no difference to take"),
            (NAN, INF, [], "not_finite", "The loss is not finite at the two points, so there is no difference to take"),
        ],
        ids=str,
    )
    def test_has_one_outcome_and_a_sentence(self, analytic, numeric, kinks, outcome, words):
        told = verdict_on_cell(check([7.0, analytic, 7.0], [0.0, numeric, 0.0], kinks=[1] if kinks else [], checked=[1], noise=1e-9))
        assert told.outcome == outcome
        assert told.words.startswith(words)
        assert told.words.endswith(".")

    def test_has_words_for_what_was_looked_at_closer_and_for_float32(self):
        told = verdict_on_cell(check([3.0], [3.1], doubt=[0.2]))
        assert told.outcome == "unresolved"
        assert told.words.startswith("Not resolved: the loss is curved so strongly here")
        assert "extrapolated from smaller steps" in verdict_on_cell(check([3.0], [3.0 + 1e-9], doubt=[1e-9])).words
        told = verdict_on_cell(check([1e-3], [1.05e-3], rounded=[1e-4]))
        assert (told.outcome, told.words) == (
            "small",
            "Rounding to float32 leaves the gradient fewer than 5 digits to compare; the two agree within it.",
        )


def test_the_worst_is_among_those_that_can_be_judged():
    of = check([1.0, 1.0, 1.0, 1e-9, 1.0], [1.0, 1.000003, 9.0, 3e-9, NAN], kinks=[2], noise=1e-8)
    assert worst(of) == (0, 1)
    assert worst(check([1.0, NAN], [1.5, 2.0])) == (0, 1)
    assert worst(check([1.0, 2.0], [NAN, 3.0], kinks=[1])) is None


def test_no_cell_is_of_two_kinds():
    rng = np.random.default_rng(0)
    numbers = np.array([0.0, 1.0, -1.0, 1e-12, 1.00001, NAN, INF, -INF])
    more = {"rounded": rng.choice([0.0, 1e-3], 400), "doubt": rng.choice([0.0, 0.5, INF], 400)}
    of = check(rng.choice(numbers, 400), rng.choice(numbers, 400), kinks=range(0, 400, 7), checked=range(0, 400, 2), **more)
    kinds = [of.kinks & of.checked, disagreeing(of), not_finite(of), of.unresolved, of.small]
    assert all(kind.any() for kind in kinds)
    assert np.sum(kinds, axis=0).max() == 1
    assert not any((kind & ~of.checked).any() for kind in kinds)
