// The keyhole in a rounded square. Decoration: the product's name stands beside it or names its link.
export function Mark({ className = "size-7" }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true" className={className}>
      <path
        fillRule="evenodd"
        d="M8 1.5h8A6.5 6.5 0 0 1 22.5 8v8a6.5 6.5 0 0 1-6.5 6.500H8A6.5 6.5 0 0 1 1.5 16V8A6.5 6.5 0 0 1 8 1.500Zm4 4.750a3.3 3.3 0 0 0-1.75 6.100l-.95 5.400h5.400l-.95-5.400A3.3 3.3 0 0 0 12 6.250Z"
      />
    </svg>
  );
}
