/** The colours of more and less, which are the same in all views. */
export const CHANGE_COLORS = {
  light: {
    /** Of text and bars. */
    more: "#a92a2d",
    less: "#1f5a94",
    /** Of boxes, from a small change to a new or removed function. */
    moreSteps: ["#f6d9cf", "#f4b8a6", "#ea8d78", "#d96556", "#a92a2d"],
    lessSteps: ["#d6e4f0", "#b0cfe6", "#7fb2d6", "#4f90c4", "#1f5a94"],
  },
  dark: {
    more: "#ff8f85",
    less: "#7fb8ec",
    moreSteps: ["#54352f", "#703a33", "#903f38", "#b0443e", "#c9443f"],
    lessSteps: ["#2c3e4f", "#2f4d69", "#315e86", "#336fa6", "#3577b8"],
  },
} as const;
