// A program whose CPU profile the tests take: inlined calls, templates, an anonymous
// namespace, and time spent in a library that has no debug information.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {
struct Till {
  unsigned count(unsigned coins) const;
};
__attribute__((noinline)) unsigned Till::count(unsigned coins) const {
  unsigned sum = 0;
  for (unsigned i = 0; i < coins; i++) sum += (i * 7) ^ sum;
  return sum;
}
}  // namespace

namespace shop {
template <typename T>
static inline T mix(T a, T b) {
  return a * 31 + (b ^ (a >> 3));
}

__attribute__((noinline)) unsigned price(const std::vector<unsigned>& items) {
  unsigned sum = 0;
  for (unsigned item : items) sum = mix(sum, item);
  return sum;
}
}  // namespace shop

int main() {
  std::vector<unsigned> items(100000, 3);
  unsigned total = 0;
  for (unsigned i = 0; i < 3000; i++) {
    items[i] ^= total;
    total += shop::price(items) + Till().count(100000 + (total & 7));
    std::string text(1000, 'x');
    for (int k = 0; k < 20; k++) text += std::to_string(total);
    total += text.size();
  }
  std::printf("%u\n", total);
}
