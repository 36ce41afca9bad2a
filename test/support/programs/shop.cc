// A program to profile: templates, inlined calls, a name with a parameter list.
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace shop {

template <typename T>
struct Basket {
  std::vector<T> items;
  T total(T rate) const;
};

static inline unsigned mix(unsigned x) {
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  return x;
}

template <typename T>
__attribute__((noinline)) T Basket<T>::total(T rate) const {
  T sum = 0;
  for (const T& item : items) {
    sum += item * rate;
    if (sum > 1e9) sum /= 3;
  }
  return sum;
}

__attribute__((noinline)) unsigned scramble(unsigned seed, int rounds) {
  for (int i = 0; i < rounds; i++) seed = mix(seed) + i;
  return seed;
}

__attribute__((noinline)) double price(Basket<double>& basket, unsigned seed) {
  basket.items[seed % basket.items.size()] = seed % 1000;
  return basket.total(1.0 + seed % 7);
}

}  // namespace shop

int main(int argc, char** argv) {
  int rounds = argc > 1 ? atoi(argv[1]) : 1000;
  shop::Basket<double> basket;
  for (int i = 0; i < 20000; i++) basket.items.push_back(i * 0.5);
  double all = 0;
  unsigned seed = 1;
  for (int i = 0; i < rounds; i++) {
    seed = shop::scramble(seed, 20000);
    all += shop::price(basket, seed);
  }
  printf("%g %u\n", all, seed);
  return 0;
}
