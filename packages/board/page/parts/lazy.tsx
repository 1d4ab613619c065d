import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Makes its children when it comes near the window, and drops them when it is far: a hundred charts would be heavy. */
export function Lazy({ height, children }: { height: number; children: () => ComponentChildren }) {
  const place = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const observer = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting ?? false), {
      rootMargin: "400px",
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={place} style={near ? {} : { height: `${height}px` }}>
      {near && children()}
    </div>
  );
}
