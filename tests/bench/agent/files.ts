/** Files of the jobs. */

export const stats = `"""Figures about lists of numbers."""


def mean(values):
    return sum(values) / len(values)


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle]


def spread(values):
    return max(values) - min(values)
`;

export const testStats = `import unittest

from stats import mean, median, spread


class Figures(unittest.TestCase):
    def test_mean(self):
        self.assertEqual(mean([1, 2, 3]), 2)

    def test_median(self):
        self.assertEqual(median([3, 1, 2]), 2)

    def test_median_of_an_even_count(self):
        self.assertEqual(median([4, 1, 3, 2]), 2.5)

    def test_spread(self):
        self.assertEqual(spread([1, 5]), 4)
`;

export const orders = `PRICES = {"tea": 7, "cup": 12}


def total(order):
    return sum(PRICES[name] * count for name, count in order.items())


def refund(order, returned):
    kept = {name: count - returned.get(name, 0) for name, count in order.items()}
    return total(order) - total(kept) - 1
`;

/** Twelve tests, one of which fails; in line 21. They take three seconds, as tests do that start something. */
export const testOrders = `import time
import unittest

from orders import refund, total


class Orders(unittest.TestCase):
    def setUp(self):
        time.sleep(0.25)

    def test_empty(self):
        self.assertEqual(total({}), 0)

    def test_total(self):
        self.assertEqual(total({"tea": 2, "cup": 1}), 26)

    def test_refund_of_nothing(self):
        self.assertEqual(refund({"tea": 2}, {}), -1)

    def test_refund(self):
        self.assertEqual(refund({"tea": 6, "cup": 3}, {"tea": 6}), 42)


for count in range(8):

    def check(self, count=count):
        self.assertEqual(total({"tea": count}), 7 * count)

    setattr(Orders, f"test_tea_{count}", check)
`;

/** How many times faster the build goes here than it says. */
export const hurry = 10;

export const build = `#!/bin/bash
# A build of two minutes, ${hurry} times as fast.
for n in {1..60}; do
  printf '[%3d%%] CC src/module_%02d.c\\n' $((n * 95 / 60)) $n
  sleep ${2 / hurry}
  [ $n = 41 ] && echo "src/module_41.c:83:7: warning: unused variable 'depth' [-Wunused-variable]"
done
echo '[ 98%] LINK app'
echo '[100%] PACK app.tar.gz'
echo "1 warning: unused variable 'depth'"
echo 'app.tar.gz built in 2 min 0 s'
`;
