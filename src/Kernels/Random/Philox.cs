using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// Counter-based random numbers: the value at an index of the sequence (seed, stream) depends on these three numbers alone, so that
/// results repeat on every device and resume at any point.
/// </summary>
/// <param name="seed">The seed of a run.</param>
/// <param name="stream">Which of its 2^32 independent sequences.</param>
public readonly struct Philox(ulong seed, uint stream = 0) : IEquatable<Philox>
{
    /// <summary>The seed.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>The sequence.</summary>
    public uint Stream { get; } = stream;

    /// <summary>Set if this is a sequence of a recorded step, which is another one in each run.</summary>
    internal CapturedSequence? Captured { get; init; }

    /// <summary>32 random bits.</summary>
    /// <exception cref="InvalidOperationException">The sequence was drawn in a captured step, whose host code runs only when it is recorded.</exception>
    public uint Bits(uint index) => Captured is null ? Word(index) : throw new InvalidOperationException(
        "Capture: the step draws a random number on the host, which would be the same in each run; draw on the device or outside.");

    private uint Word(uint index) => PhiloxCore.Word((uint)Seed, (uint)(Seed >> 32), Stream, index);

    /// <summary>A number in [0, 1), the same that kernels draw.</summary>
    public float Uniform(uint index) => PhiloxCore.Uniform(Bits(index));

    /// <summary>A number in [0, 1) with 53 random bits; takes words 2 index and 2 index + 1.</summary>
    public double UniformDouble(uint index) => ((((ulong)Bits(2 * index) << 32) | Bits(2 * index + 1)) >> 11) * (1.0 / (1UL << 53));

    /// <summary>A standard normal number (Box-Muller in double precision); takes words 4 index to 4 index + 3.</summary>
    public double Normal(uint index) =>
        Math.Sqrt(-2 * Math.Log(1 - UniformDouble(2 * index))) * Math.Cos(2 * Math.PI * UniformDouble(2 * index + 1));

    /// <summary>An integer in 0..bound-1, each equally likely up to 2^-32.</summary>
    public int Below(uint index, int bound) => (int)((ulong)Bits(index) * (uint)bound >> 32);

    /// <summary>The sequence of another purpose, named by a text: the same for the same text in every process.</summary>
    public Philox Fork(string purpose)
    {
        if (Captured is not null) return Captured.Fork(purpose);
        // FNV-1a: stable between processes, unlike string.GetHashCode.
        uint hash = 2166136261;
        foreach (char c in purpose) hash = (hash ^ c) * 16777619;
        return new Philox(Seed ^ ((ulong)hash << 32 | Bits(hash)), Stream ^ hash);
    }

    /// <inheritdoc/>
    public bool Equals(Philox other) => Seed == other.Seed && Stream == other.Stream;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Philox other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)(Seed ^ (Seed >> 32) ^ Stream);

    /// <summary>Value equality.</summary>
    public static bool operator ==(Philox left, Philox right) => left.Equals(right);

    /// <summary>Value inequality.</summary>
    public static bool operator !=(Philox left, Philox right) => !left.Equals(right);
}
