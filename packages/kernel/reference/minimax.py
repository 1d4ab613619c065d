"""Minimax polynomials with float32 (or float64) coefficients, for the functions in src/math/.

Remez's exchange on a fine grid in 60-digit arithmetic; coefficients are rounded one by one, lowest first, and the rest fitted again to
what the rounding left. `python3 minimax.py NAME` prints the coefficients of one function, lowest first, and the largest weighted error
as a power of two; without a name it prints all. Needs mpmath.
"""
import struct
import sys

from mpmath import atan, asin, cos, cosh, erf, erfc, exp, expm1, log, log1p, lu_solve, matrix, mp, mpf, pi, sin, sinh, sqrt, tan, tanh

mp.dps = 60


def single(x):
    return mpf(struct.unpack("f", struct.pack("f", float(x)))[0])


def double(x):
    return mpf(float(x))


def chebyshev_grid(a, b, count):
    return [(a + b) / 2 - (b - a) / 2 * cos(pi * (i + mpf(1) / 2) / count) for i in range(count)]


def remez(points, values, weights, terms):
    """Coefficients c minimising max |weights * (values - sum c_k points^k)| over the grid, and that maximum."""
    n, count = terms, len(points)
    refs = [round((i + 0.5) * count / (n + 1)) for i in range(n + 1)]
    for _ in range(60):
        system, right = matrix(n + 1, n + 1), matrix(n + 1, 1)
        for row, i in enumerate(refs):
            power = mpf(1)
            for k in range(n):
                system[row, k] = power
                power *= points[i]
            system[row, n] = (-1) ** row / weights[i]
            right[row] = values[i]
        solution = lu_solve(system, right)
        c, level = [solution[k] for k in range(n)], abs(solution[n])
        errors = []
        for i in range(count):
            p = mpf(0)
            for k in reversed(range(n)):
                p = p * points[i] + c[k]
            errors.append(weights[i] * (values[i] - p))
        # One extremum in each run of equal sign, then the window of n + 1 neighbours with the largest smallest member.
        runs = []
        for i, e in enumerate(errors):
            if runs and (errors[runs[-1]] > 0) == (e > 0):
                if abs(e) > abs(errors[runs[-1]]):
                    runs[-1] = i
            else:
                runs.append(i)
        if len(runs) < n + 1:
            break
        while len(runs) > n + 1:
            runs.pop(0 if abs(errors[runs[0]]) < abs(errors[runs[-1]]) else -1)
        largest = max(abs(e) for e in errors)
        if runs == refs or largest <= level * (1 + mpf(10) ** -6):
            break
        refs = runs
    return c, max(abs(e) for e in errors)


def fit(f, weight, a, b, terms, rounding=single, count=1500):
    """Minimax of f by `terms` coefficients in t on [a, b], each rounded."""
    points = chebyshev_grid(mpf(a), mpf(b), count)
    original = [f(t) for t in points]
    weights = [weight(t) for t in points]
    values, scaled, fixed = list(original), list(weights), []
    for k in range(terms):
        c, _ = remez(points, values, scaled, terms - k)
        fixed.append(rounding(c[0]))
        values = [(v - fixed[-1]) / t for v, t in zip(values, points)]
        scaled = [w * t for w, t in zip(scaled, points)]
    worst = max(abs(w * (v - sum(c * t**k for k, c in enumerate(fixed)))) for w, v, t in zip(weights, original, points))
    return fixed, worst


LN2 = log(2)
# name: (function of t, weight of an error in it, lower end, upper end, number of coefficients)
FITS = {
    # exp(r) = 1 + r + r^2 q(r), relative
    "exp": (lambda r: (exp(r) - 1 - r) / r**2, lambda r: r**2 / exp(r), -LN2 * 1.01, LN2 * 1.01, 6),
    "exp7": (lambda r: (exp(r) - 1 - r) / r**2, lambda r: r**2 / exp(r), -LN2 * 1.01, LN2 * 1.01, 7),
    "exphalf": (lambda r: (exp(r) - 1 - r) / r**2, lambda r: r**2 / exp(r), -LN2 / 2 * 1.01, LN2 / 2 * 1.01, 5),
    # expm1(r) = r + r^2 q(r), relative to the result
    "expm1": (lambda r: (exp(r) - 1 - r) / r**2, lambda r: r**2 / expm1(r), -LN2 * 1.01, LN2 * 1.01, 7),
    # log(1 + f) = f - f^2/2 + f^3 q(f)
    "log": (lambda f: (log1p(f) - f + f**2 / 2) / f**3, lambda f: f**3 / log1p(f), sqrt(mpf(0.5)) - 1.0001, sqrt(mpf(2)) - 0.9999, 8),
    "log9": (lambda f: (log1p(f) - f + f**2 / 2) / f**3, lambda f: f**3 / log1p(f), sqrt(mpf(0.5)) - 1.0001, sqrt(mpf(2)) - 0.9999, 9),
    # tanh(x) = x + x^3 q(x^2)
    "tanh": (lambda s: (tanh(sqrt(s)) / sqrt(s) - 1) / s, lambda s: s * sqrt(s) / tanh(sqrt(s)), mpf(10) ** -9, mpf(0.625) ** 2, 5),
    "tanh6": (lambda s: (tanh(sqrt(s)) / sqrt(s) - 1) / s, lambda s: s * sqrt(s) / tanh(sqrt(s)), mpf(10) ** -9, mpf(0.625) ** 2, 6),
}


def show(name):
    f, weight, a, b, terms, *rest = FITS[name]
    rounding = rest[0] if rest else single
    coefficients, worst = fit(f, weight, a, b, terms, rounding)
    print(f"{name}: {', '.join(repr(float(c)) for c in coefficients)}  # error 2^{float(log(worst, 2)):.2f}")


if __name__ == "__main__":
    for name in sys.argv[1:] or FITS:
        show(name)
