namespace GpuNets.Kernels;

/// <summary>
/// A few neighbouring floats handled as one value. A formula written once over lanes runs on every machine: a GPU thread or an
/// OpenCL work-item instantiates it with <see cref="Scalar"/>, the CPU device with SIMD registers.
/// </summary>
/// <remarks>Comparisons with NaN are false everywhere; write <see cref="IfGreater"/> so that its last argument is the NaN case.</remarks>
internal unsafe interface ILane<T> where T : struct, ILane<T>
{
    /// <summary>Number of floats.</summary>
    static abstract int Count { get; }

    static abstract T Load(float* source, int index);
    static abstract void Store(float* target, int index, T value);

    /// <summary>source[index[0]], source[index[1]], ...</summary>
    static abstract T Gather(float* source, int* index);

    /// <summary>target[index[0]] = the first lane, and so on; indices differ.</summary>
    static abstract void Scatter(float* target, int* index, T value);

    /// <summary>Integers as floats; exact up to 2^24.</summary>
    static abstract T LoadInts(int* source, int index);

    /// <summary>Whole numbers below 2^31 as integers.</summary>
    static abstract void StoreInts(int* target, int index, T value);

    /// <summary>Every lane holds the same value.</summary>
    static abstract T Of(float value);

    static abstract T operator +(T left, T right);
    static abstract T operator -(T left, T right);
    static abstract T operator *(T left, T right);
    static abstract T operator /(T left, T right);
    static abstract T operator -(T value);

    /// <summary>a * b + c with one rounding, on every machine.</summary>
    static abstract T MulAdd(T a, T b, T c);

    static abstract T Abs(T value);
    static abstract T Sqrt(T value);
    static abstract T Floor(T value);

    /// <summary>a &gt; b ? yes : no, lane by lane.</summary>
    static abstract T IfGreater(T a, T b, T yes, T no);

    /// <summary>a == b ? yes : no, lane by lane.</summary>
    static abstract T IfEqual(T a, T b, T yes, T no);

    /// <summary>
    /// value * 2^k, given k + <see cref="LaneMath.Rounder"/>; the result must be a normal number. The sum carries k in its low bits: a
    /// shift and an addition of bits do, where a conversion to int would keep PoCL from vector code.
    /// </summary>
    static abstract T Scale(T value, T shifted);

    /// <summary>The e of value = m 2^e with m in [1, 2), for positive normal numbers.</summary>
    static abstract T Exponent(T value);

    /// <summary>The m of value = m 2^e with m in [1, 2), for positive normal numbers.</summary>
    static abstract T Mantissa(T value);

    /// <summary>Uniform numbers in [0, 1): lane j holds element index + j of the Philox sequence (seed, stream).</summary>
    static abstract T Uniform(uint seedLow, uint seedHigh, uint stream, int index);

    /// <summary>The sum of the lanes, in a fixed order.</summary>
    static abstract float Sum(T value);

    /// <summary>The largest lane; NaN if a lane is NaN.</summary>
    static abstract float Max(T value);
}
