using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuNets.Kernels;

/// <summary>What the host's register tiles and rows need from a register width beyond <see cref="ILane{T}"/>.</summary>
internal unsafe interface IHostTileLanes<T> where T : struct, ILane<T>
{
    /// <summary>Rows of the largest tile: two registers per row must leave room for B and a broadcast.</summary>
    static abstract int Rows { get; }

    /// <summary>A mask of the first <paramref name="count"/> lanes: none for 0 or less, all from the width on.</summary>
    static abstract T Mask(int count);

    /// <summary>Loads the lanes of the mask and zero elsewhere; memory outside of the mask is not touched.</summary>
    static abstract T Load(float* source, T mask);

    /// <summary>Loads the lanes of the mask, and the lanes of <paramref name="rest"/> elsewhere.</summary>
    static abstract T Load(float* source, T mask, T rest);

    /// <summary>Stores the lanes of the mask; memory outside of it is not touched.</summary>
    static abstract void Store(float* target, T value, T mask);

    /// <summary>A bit for each lane where a &lt;= b, the first lowest; none for NaN.</summary>
    static abstract uint AtMost(T a, T b);

    /// <summary>The sums over the lanes of four registers.</summary>
    static abstract Vector128<float> Sums(T a, T b, T c, T d);
}

/// <summary>AVX-512: 32 registers hold 12 x 2 sums.</summary>
internal readonly unsafe struct Tile512 : IHostTileLanes<Lane512>
{
    public static int Rows => 12;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Mask(int count) => new(Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Load(float* source, Lane512 mask) => new(Avx512F.MaskLoad(source, mask.Value, Vector512<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Load(float* source, Lane512 mask, Lane512 rest) => new(Avx512F.MaskLoad(source, mask.Value, rest.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, Lane512 value, Lane512 mask) => Avx512F.MaskStore(target, mask.Value, value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AtMost(Lane512 a, Lane512 b) => (uint)Vector512.LessThanOrEqual(a.Value, b.Value).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Lane512 a, Lane512 b, Lane512 c, Lane512 d) => Tile256.Sums(Half(a), Half(b), Half(c), Half(d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lane256 Half(Lane512 lane) => new(lane.Value.GetLower() + lane.Value.GetUpper());
}

/// <summary>AVX2, or whatever the runtime makes of 256 bits elsewhere: 16 registers hold 6 x 2 sums.</summary>
internal readonly unsafe struct Tile256 : IHostTileLanes<Lane256>
{
    public static int Rows => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Mask(int count) => new(Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Load(float* source, Lane256 mask)
    {
        if (Avx.IsSupported) return new(Avx.MaskLoad(source, mask.Value));
        var value = Vector256<float>.Zero;
        for (int lane = 0; lane < Vector256<float>.Count; lane++)
            if (mask.Value.AsInt32()[lane] != 0) value = value.WithElement(lane, source[lane]);
        return new(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Load(float* source, Lane256 mask, Lane256 rest) =>
        new(Vector256.ConditionalSelect(mask.Value, Load(source, mask).Value, rest.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, Lane256 value, Lane256 mask)
    {
        if (Avx.IsSupported)
        {
            Avx.MaskStore(target, mask.Value, value.Value);
            return;
        }
        for (int lane = 0; lane < Vector256<float>.Count; lane++)
            if (mask.Value.AsInt32()[lane] != 0) target[lane] = value.Value[lane];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AtMost(Lane256 a, Lane256 b) => Vector256.LessThanOrEqual(a.Value, b.Value).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Lane256 a, Lane256 b, Lane256 c, Lane256 d)
    {
        var (x, y, z, w) = (Half(a), Half(b), Half(c), Half(d));
        return Sse3.IsSupported
            ? Sse3.HorizontalAdd(Sse3.HorizontalAdd(x, y), Sse3.HorizontalAdd(z, w))
            : Vector128.Create(Vector128.Sum(x), Vector128.Sum(y), Vector128.Sum(z), Vector128.Sum(w));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Half(Lane256 lane) => lane.Value.GetLower() + lane.Value.GetUpper();
}
