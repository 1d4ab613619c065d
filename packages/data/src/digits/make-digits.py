"""Writes digits-text.ts from the copy of the data that scikit-learn ships. Usage: python3 make-digits.py > digits-text.ts"""
import re
from sklearn.datasets import load_digits

ZEROS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # runs of 2 to 27
SIXTEENS = "rstuvwxyz"  # runs of 2 to 10


def line(label, pixels):
    text = "".join("abcdefghijklmnopq"[value] for value in pixels)
    text = re.sub("a{2,27}", lambda run: ZEROS[len(run.group()) - 2], text)
    text = re.sub("q{2,10}", lambda run: SIXTEENS[len(run.group()) - 2], text)
    return f"{label}{text}"


digits = load_digits()
print("// Made by make-digits.py. Source, licence and citation: SOURCE.md. One line for each image: its label, then its 64 values row by row,")
print("// a to q for 0 to 16, A to Z for runs of 2 to 27 zeros, r to z for runs of 2 to 10 sixteens.")
print("export const digitsText = `")
for label, image in zip(digits.target, digits.images.astype(int).reshape(-1, 64)):
    print(line(label, image))
print("`;")
