namespace GpuNets.Reference;

/// <summary>What a formula needs of its numbers, so that one piece of reference code serves every way of differentiating it.</summary>
public interface IReferenceNumber<T> where T : struct, IReferenceNumber<T>
{
    /// <summary>The value.</summary>
    double Number { get; }

    static abstract implicit operator T(double value);
    static abstract T operator +(T a, T b);
    static abstract T operator -(T a, T b);
    static abstract T operator *(T a, T b);
    static abstract T operator /(T a, T b);
    static abstract T Exp(T x);
    static abstract T Log(T x);
    static abstract T Sqrt(T x);
    static abstract T Tanh(T x);

    /// <summary>The larger value; the second if equal.</summary>
    static abstract T Max(T a, T b);
}
