using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>Floats in one 512-bit register of the host.</summary>
internal unsafe struct Lane512(Vector512<float> value) : ILane<Lane512>
{
    public Vector512<float> Value = value;

    public static int Count => Vector512<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Load(float* source, int index) => new(Vector512.Load(source + index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, int index, Lane512 value) => value.Value.Store(target + index);

    public static Lane512 Gather(float* source, int* index)
    {
        float* values = stackalloc float[Count];
        for (int lane = 0; lane < Count; lane++) values[lane] = source[index[lane]];
        return Load(values, 0);
    }

    public static void Scatter(float* target, int* index, Lane512 value)
    {
        for (int lane = 0; lane < Count; lane++) target[index[lane]] = value.Value[lane];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 LoadInts(int* source, int index) => new(Vector512.ConvertToSingle(Vector512.Load(source + index)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInts(int* target, int index, Lane512 value) => Vector512.ConvertToInt32(value.Value).Store(target + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Of(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 operator +(Lane512 left, Lane512 right) => new(left.Value + right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 operator -(Lane512 left, Lane512 right) => new(left.Value - right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 operator *(Lane512 left, Lane512 right) => new(left.Value * right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 operator /(Lane512 left, Lane512 right) => new(left.Value / right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 operator -(Lane512 value) => new(-value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 MulAdd(Lane512 a, Lane512 b, Lane512 c) => new(Vector512.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Abs(Lane512 value) => new(Vector512.Abs(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Sqrt(Lane512 value) => new(Vector512.Sqrt(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Floor(Lane512 value) => new(Vector512.Floor(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 IfGreater(Lane512 a, Lane512 b, Lane512 yes, Lane512 no) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(a.Value, b.Value), yes.Value, no.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 IfEqual(Lane512 a, Lane512 b, Lane512 yes, Lane512 no) =>
        new(Vector512.ConditionalSelect(Vector512.Equals(a.Value, b.Value), yes.Value, no.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Scale(Lane512 value, Lane512 shifted) =>
        new((value.Value.AsInt32() + (shifted.Value.AsInt32() << 23)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Exponent(Lane512 value) =>
        new(Vector512.ConvertToSingle((value.Value.AsInt32() >> 23) - Vector512.Create(127)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Mantissa(Lane512 value) =>
        new(((value.Value.AsInt32() & Vector512.Create(0x007FFFFF)) | Vector512.Create(0x3F800000)).AsSingle());

    public static Lane512 Uniform(uint seedLow, uint seedHigh, uint stream, int index)
    {
        float* words = stackalloc float[Count];
        for (int lane = 0; lane < Count; lane++)
            words[lane] = PhiloxCore.Uniform(PhiloxCore.Word(seedLow, seedHigh, stream, (uint)(index + lane)));
        return Load(words, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lane512 value) => Lane256.Sum(new(value.Value.GetLower() + value.Value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Lane512 value) =>
        Vector512.EqualsAll(value.Value, value.Value)
            ? Lane256.Largest(Vector256.MaxNative(value.Value.GetLower(), value.Value.GetUpper()))
            : float.NaN;
}
