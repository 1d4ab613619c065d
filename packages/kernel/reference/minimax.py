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


def unfold(t):
    """x for t = (x - 2) / (x + 2)."""
    return 2 * (1 + t) / (1 - t)


def scaled_erfc(t):
    return exp(unfold(t) ** 2) * erfc(unfold(t))


LN2 = log(2)
TINY = mpf(10) ** -9
# name: (function of t, weight of an error in it, lower end, upper end, number of coefficients)
FITS = {
    # exp(r) = 1 + r + r^2 q(r), relative
    "exp": (lambda r: (exp(r) - 1 - r) / r**2, lambda r: r**2 / exp(r), -LN2 * 1.01, LN2 * 1.01, 6),
    "exphalf": (lambda r: (exp(r) - 1 - r) / r**2, lambda r: r**2 / exp(r), -LN2 / 2 * 1.01, LN2 / 2 * 1.01, 5),
    # expm1(r) = r + r^2 q(r), relative to the result
    "expm1": (lambda r: (exp(r) - 1 - r) / r**2, lambda r: r**2 / expm1(r), -LN2 * 1.01, LN2 * 1.01, 7),
    # log(1 + f) = f - f^2/2 + f^3 q(f)
    "log": (lambda f: (log1p(f) - f + f**2 / 2) / f**3, lambda f: f**3 / log1p(f), sqrt(mpf(0.5)) - 1.0001, sqrt(mpf(2)) - 0.9999, 8),
    # tanh(x) = x + x^3 q(x^2)
    "tanh": (lambda s: (tanh(sqrt(s)) / sqrt(s) - 1) / s, lambda s: s * sqrt(s) / tanh(sqrt(s)), TINY, mpf(0.625) ** 2, 5),
    # erf(x) = x + x q(x^2) below 0.93; 1 - exp(-x - x q(x)) from there to 4, where it rounds to 1
    "erfsmall": (lambda s: erf(sqrt(s)) / sqrt(s) - 1, lambda s: sqrt(s) / erf(sqrt(s)), TINY, mpf(0.93) ** 2, 6),
    "erflarge": (lambda x: -log(erfc(x)) / x - 1, lambda x: x * erfc(x) / erf(x), mpf(0.92), mpf(4), 6),
    # sin(r) = r + r^3 q(r^2), tan alike, and cos(r) = 1 - r^2/2 + r^4 q(r^2), to an eighth turn and a little
    "sin": (lambda s: (sin(sqrt(s)) / sqrt(s) - 1) / s, lambda s: s * sqrt(s) / sin(sqrt(s)), TINY, mpf(0.795) ** 2, 3),
    "cos": (lambda s: (cos(sqrt(s)) - 1 + s / 2) / s**2, lambda s: s**2 / cos(sqrt(s)), TINY, mpf(0.795) ** 2, 3),
    "tan": (lambda s: (tan(sqrt(s)) / sqrt(s) - 1) / s, lambda s: s * sqrt(s) / tan(sqrt(s)), TINY, mpf(0.795) ** 2, 7),
    # asin(x) = x + x^3 q(x^2) to 0.625, atan alike to 1
    "asin": (lambda s: (asin(sqrt(s)) / sqrt(s) - 1) / s, lambda s: s * sqrt(s) / asin(sqrt(s)), TINY, mpf(0.625) ** 2, 7),
    "atan": (lambda s: (atan(sqrt(s)) / sqrt(s) - 1) / s, lambda s: s * sqrt(s) / atan(sqrt(s)), TINY, mpf(1), 9),
    # sinh(x) = x + x^3 q(x^2) to 1
    "sinh": (lambda s: (sinh(sqrt(s)) / sqrt(s) - 1) / s, lambda s: s * sqrt(s) / sinh(sqrt(s)), TINY, mpf(1), 4),
    # pow: 2^r = 1 + r q(r) on [-½, ½]; log2((1 + s) / (1 - s)) = s (2 / ln 2 + s^2 (2 / (3 ln 2) + s^2 q(s^2)))
    "exp2": (lambda r: (2**r - 1) / r, lambda r: r / 2**r, mpf(-0.501), mpf(0.501), 6),
    "log2": (lambda u: ((log((1 + sqrt(u)) / (1 - sqrt(u))) / LN2 / sqrt(u) - 2 / LN2) / u - 2 / (3 * LN2)) / u, lambda u: u**2, mpf(10) ** -6, mpf(0.0295), 3),
    # float64: erf(x) = x + x q(x^2) below 1; 1 - e^(-x^2) q((x - 2) / (x + 2)) from there to 6, where it rounds to 1
    "erfsmall64": (lambda s: erf(sqrt(s)) / sqrt(s) - 1, lambda s: sqrt(s) / erf(sqrt(s)), TINY, mpf(1), 12, double),
    "erflarge64": (scaled_erfc, lambda t: exp(-(unfold(t) ** 2)) / erf(unfold(t)), mpf(-1) / 3, mpf(1) / 2, 14, double),
}


def show(name):
    f, weight, a, b, terms, *rest = FITS[name]
    rounding = rest[0] if rest else single
    coefficients, worst = fit(f, weight, a, b, terms, rounding)
    print(f"{name}: {', '.join(repr(float(c)) for c in coefficients)}  # error 2^{float(log(worst, 2)):.2f}")


if __name__ == "__main__":
    for name in sys.argv[1:] or FITS:
        show(name)
