using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>Floats in one 256-bit register of the host.</summary>
internal unsafe struct Lane256(Vector256<float> value) : ILane<Lane256>
{
    public Vector256<float> Value = value;

    public static int Count => Vector256<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Load(float* source, int index) => new(Vector256.Load(source + index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, int index, Lane256 value) => value.Value.Store(target + index);

    public static Lane256 Gather(float* source, int* index)
    {
        float* values = stackalloc float[Count];
        for (int lane = 0; lane < Count; lane++) values[lane] = source[index[lane]];
        return Load(values, 0);
    }

    public static void Scatter(float* target, int* index, Lane256 value)
    {
        for (int lane = 0; lane < Count; lane++) target[index[lane]] = value.Value[lane];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 LoadInts(int* source, int index) => new(Vector256.ConvertToSingle(Vector256.Load(source + index)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInts(int* target, int index, Lane256 value) => Vector256.ConvertToInt32(value.Value).Store(target + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Of(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 operator +(Lane256 left, Lane256 right) => new(left.Value + right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 operator -(Lane256 left, Lane256 right) => new(left.Value - right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 operator *(Lane256 left, Lane256 right) => new(left.Value * right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 operator /(Lane256 left, Lane256 right) => new(left.Value / right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 operator -(Lane256 value) => new(-value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 MulAdd(Lane256 a, Lane256 b, Lane256 c) => new(Vector256.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Abs(Lane256 value) => new(Vector256.Abs(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Sqrt(Lane256 value) => new(Vector256.Sqrt(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Floor(Lane256 value) => new(Vector256.Floor(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 IfGreater(Lane256 a, Lane256 b, Lane256 yes, Lane256 no) =>
        new(Vector256.ConditionalSelect(Vector256.GreaterThan(a.Value, b.Value), yes.Value, no.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 IfEqual(Lane256 a, Lane256 b, Lane256 yes, Lane256 no) =>
        new(Vector256.ConditionalSelect(Vector256.Equals(a.Value, b.Value), yes.Value, no.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Scale(Lane256 value, Lane256 shifted) =>
        new((value.Value.AsInt32() + (shifted.Value.AsInt32() << 23)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Exponent(Lane256 value) =>
        new(Vector256.ConvertToSingle((value.Value.AsInt32() >> 23) - Vector256.Create(127)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Mantissa(Lane256 value) =>
        new(((value.Value.AsInt32() & Vector256.Create(0x007FFFFF)) | Vector256.Create(0x3F800000)).AsSingle());

    public static Lane256 Uniform(uint seedLow, uint seedHigh, uint stream, int index)
    {
        float* words = stackalloc float[Count];
        for (int lane = 0; lane < Count; lane++)
            words[lane] = PhiloxCore.Uniform(PhiloxCore.Word(seedLow, seedHigh, stream, (uint)(index + lane)));
        return Load(words, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lane256 value) => Vector128.Sum(value.Value.GetLower() + value.Value.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Lane256 value) => Vector256.EqualsAll(value.Value, value.Value) ? Largest(value.Value) : float.NaN;

    /// <summary>The largest of values without NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Largest(Vector256<float> value) => Lane128.Largest(Vector128.MaxNative(value.GetLower(), value.GetUpper()));
}
