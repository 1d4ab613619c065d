"""Writes digits.json: sums of scikit-learn's digits to compare ours with. Usage: python3 generate.py > digits.json"""
import json
import sklearn
from sklearn.datasets import load_digits

digits = load_digits()
images = digits.images.astype(int)
print(json.dumps({
    "scikit-learn": sklearn.__version__,
    "shape": list(images.shape),
    "sum_of_each_image": images.sum(axis=(1, 2)).tolist(),
    "sum_of_each_pixel": images.sum(axis=0).tolist(),
    "last_image": images[-1].tolist(),
    "labels": "".join(map(str, digits.target)),
}))
