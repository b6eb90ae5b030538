"""Touch screens: taps, holds, drags, scrolling and pinches of fingers."""
