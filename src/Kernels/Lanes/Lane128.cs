using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>Floats in one 128-bit register of the host.</summary>
internal unsafe struct Lane128(Vector128<float> value) : ILane<Lane128>
{
    public Vector128<float> Value = value;

    public static int Count => Vector128<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Load(float* source, int index) => new(Vector128.Load(source + index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, int index, Lane128 value) => value.Value.Store(target + index);

    public static Lane128 Gather(float* source, int* index)
    {
        float* values = stackalloc float[Count];
        for (int lane = 0; lane < Count; lane++) values[lane] = source[index[lane]];
        return Load(values, 0);
    }

    public static void Scatter(float* target, int* index, Lane128 value)
    {
        for (int lane = 0; lane < Count; lane++) target[index[lane]] = value.Value[lane];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 LoadInts(int* source, int index) => new(Vector128.ConvertToSingle(Vector128.Load(source + index)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInts(int* target, int index, Lane128 value) => Vector128.ConvertToInt32(value.Value).Store(target + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Of(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 operator +(Lane128 left, Lane128 right) => new(left.Value + right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 operator -(Lane128 left, Lane128 right) => new(left.Value - right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 operator *(Lane128 left, Lane128 right) => new(left.Value * right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 operator /(Lane128 left, Lane128 right) => new(left.Value / right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 operator -(Lane128 value) => new(-value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 MulAdd(Lane128 a, Lane128 b, Lane128 c) => new(Vector128.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Abs(Lane128 value) => new(Vector128.Abs(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Sqrt(Lane128 value) => new(Vector128.Sqrt(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Floor(Lane128 value) => new(Vector128.Floor(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 IfGreater(Lane128 a, Lane128 b, Lane128 yes, Lane128 no) =>
        new(Vector128.ConditionalSelect(Vector128.GreaterThan(a.Value, b.Value), yes.Value, no.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 IfEqual(Lane128 a, Lane128 b, Lane128 yes, Lane128 no) =>
        new(Vector128.ConditionalSelect(Vector128.Equals(a.Value, b.Value), yes.Value, no.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Scale(Lane128 value, Lane128 shifted) =>
        new((value.Value.AsInt32() + (shifted.Value.AsInt32() << 23)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Exponent(Lane128 value) =>
        new(Vector128.ConvertToSingle((value.Value.AsInt32() >> 23) - Vector128.Create(127)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Mantissa(Lane128 value) =>
        new(((value.Value.AsInt32() & Vector128.Create(0x007FFFFF)) | Vector128.Create(0x3F800000)).AsSingle());

    public static Lane128 Uniform(uint seedLow, uint seedHigh, uint stream, int index)
    {
        float* words = stackalloc float[Count];
        for (int lane = 0; lane < Count; lane++)
            words[lane] = PhiloxCore.Uniform(PhiloxCore.Word(seedLow, seedHigh, stream, (uint)(index + lane)));
        return Load(words, 0);
    }

    public static float Sum(Lane128 value) => Vector128.Sum(value.Value);

    public static float Max(Lane128 value) => Vector128.EqualsAll(value.Value, value.Value) ? Largest(value.Value) : float.NaN;

    /// <summary>The largest of values without NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Largest(Vector128<float> value)
    {
        var pairs = Vector128.MaxNative(value, Vector128.Shuffle(value, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}
