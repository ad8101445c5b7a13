using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>
/// Elementary functions over lanes, from polynomials, so that every device computes the same ones. The built-in functions of the
/// devices differ: CUDA's tanh has 11 good bits, PoCL's log is scalar and slow. Errors are within 2 ulp unless said otherwise;
/// NaN stays NaN. Coefficients: minimax polynomials of the Cephes library (Moshier).
/// </summary>
internal static class LaneMath
{
    /// <summary>1.5 * 2^23. For |k| below 2^22, k + Rounder is k rounded to an integer, held in the low bits of the sum.</summary>
    public const float Rounder = 12582912f;

    private const float ExpLow = -87.33f, ExpHigh = 88.72283f;

    /// <summary>e^x; 0 below -87.33 (no denormals), infinity above 88.72.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x) where T : struct, ILane<T>
    {
        T bounded = T.IfGreater(x, T.Of(ExpHigh), T.Of(ExpHigh), T.IfGreater(T.Of(ExpLow), x, T.Of(ExpLow), x));
        T y = T.IfGreater(x, T.Of(ExpHigh), T.Of(float.PositiveInfinity), ExpBounded(bounded));
        return T.IfGreater(T.Of(ExpLow), x, T.Of(0f), y);
    }

    /// <summary>e^x for x &lt;= 0 (or NaN): what a softmax takes of differences from the maximum. A seventh less work than <see cref="Exp"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ExpNegative<T>(T x) where T : struct, ILane<T> =>
        T.IfGreater(T.Of(ExpLow), x, T.Of(0f), ExpBounded(T.IfGreater(T.Of(ExpLow), x, T.Of(ExpLow), x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExpBounded<T>(T x) where T : struct, ILane<T>
    {
        // Adding the rounder leaves the nearest integer in the low bits; floor and conversions are scalar code on PoCL.
        T shifted = T.MulAdd(x, T.Of(1.44269504088896341f), T.Of(Rounder));
        T n = shifted - T.Of(Rounder);
        // ln 2 in two parts: the product of n with the first is exact.
        T r = T.MulAdd(n, T.Of(2.12194440e-4f), T.MulAdd(n, T.Of(-0.693359375f), x));
        T p = T.Of(1.9875691500e-4f);
        p = T.MulAdd(p, r, T.Of(1.3981999507e-3f));
        p = T.MulAdd(p, r, T.Of(8.3334519073e-3f));
        p = T.MulAdd(p, r, T.Of(4.1665795894e-2f));
        p = T.MulAdd(p, r, T.Of(1.6666665459e-1f));
        p = T.MulAdd(p, r, T.Of(5.0000001201e-1f));
        p = T.MulAdd(p, r * r, r) + T.Of(1f);
        // The bounds let a NaN by; scaled by its own low bits it could become a number.
        return T.IfEqual(p, p, T.Scale(p, shifted), p);
    }

    /// <summary>Natural logarithm; -infinity at 0 (and for denormals), NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log<T>(T x) where T : struct, ILane<T>
    {
        T e = T.Exponent(x);
        T m = T.Mantissa(x);
        T high = T.Of(1.41421356f);
        e = T.IfGreater(m, high, e + T.Of(1f), e);
        m = T.IfGreater(m, high, m * T.Of(0.5f), m) - T.Of(1f);
        T z = m * m;
        T p = T.Of(7.0376836292e-2f);
        p = T.MulAdd(p, m, T.Of(-1.1514610310e-1f));
        p = T.MulAdd(p, m, T.Of(1.1676998740e-1f));
        p = T.MulAdd(p, m, T.Of(-1.2420140846e-1f));
        p = T.MulAdd(p, m, T.Of(1.4249322787e-1f));
        p = T.MulAdd(p, m, T.Of(-1.6668057665e-1f));
        p = T.MulAdd(p, m, T.Of(2.0000714765e-1f));
        p = T.MulAdd(p, m, T.Of(-2.4999993993e-1f));
        p = T.MulAdd(p, m, T.Of(3.3333331174e-1f));
        T y = p * m * z + e * T.Of(-2.12194440e-4f) - z * T.Of(0.5f);
        y = m + y + e * T.Of(0.693359375f);
        y = T.IfGreater(T.Of(1.17549435e-38f), x, T.Of(float.NegativeInfinity), y);
        y = T.IfGreater(T.Of(0f), x, T.Of(float.NaN), y);
        y = T.IfGreater(x, T.Of(float.MaxValue), x, y);
        return T.IfEqual(x, x, y, x);
    }

    /// <summary>e^x - 1 for x &lt;= 0, with full relative precision near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ExpMinus1Negative<T>(T x) where T : struct, ILane<T>
    {
        // Taylor to x^9 above -0.5; below it the difference does not cancel.
        T p = T.Of(1f / 362880f);
        p = T.MulAdd(p, x, T.Of(1f / 40320f));
        p = T.MulAdd(p, x, T.Of(1f / 5040f));
        p = T.MulAdd(p, x, T.Of(1f / 720f));
        p = T.MulAdd(p, x, T.Of(1f / 120f));
        p = T.MulAdd(p, x, T.Of(1f / 24f));
        p = T.MulAdd(p, x, T.Of(1f / 6f));
        p = T.MulAdd(p, x, T.Of(0.5f));
        return T.IfGreater(x, T.Of(-0.5f), T.MulAdd(p * x, x, x), Exp(x) - T.Of(1f));
    }

    /// <summary>ln(1 + u) for u in [0, 1], with full relative precision near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log1pUnit<T>(T u) where T : struct, ILane<T>
    {
        // 2 artanh(u / (2 + u)): the odd series in s <= 1/3, to s^15.
        T s = u / (u + T.Of(2f));
        T z = s * s;
        T p = T.Of(2f / 15f);
        p = T.MulAdd(p, z, T.Of(2f / 13f));
        p = T.MulAdd(p, z, T.Of(2f / 11f));
        p = T.MulAdd(p, z, T.Of(2f / 9f));
        p = T.MulAdd(p, z, T.Of(2f / 7f));
        p = T.MulAdd(p, z, T.Of(2f / 5f));
        p = T.MulAdd(p, z, T.Of(2f / 3f));
        return T.MulAdd(p * z, s, s + s);
    }

    /// <summary>Hyperbolic tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x) where T : struct, ILane<T>
    {
        T z = x * x;
        T p = T.Of(-5.70498872745e-3f);
        p = T.MulAdd(p, z, T.Of(2.06390887954e-2f));
        p = T.MulAdd(p, z, T.Of(-5.37397155531e-2f));
        p = T.MulAdd(p, z, T.Of(1.33314422036e-1f));
        p = T.MulAdd(p, z, T.Of(-3.33332819422e-1f));
        T small = T.MulAdd(p * z, x, x);
        T a = T.Abs(x);
        T large = T.Of(1f) - T.Of(2f) / (Exp(a + a) + T.Of(1f));
        large = T.IfGreater(T.Of(0f), x, -large, large);
        return T.IfGreater(a, T.Of(0.625f), large, small);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x) where T : struct, ILane<T> => T.Of(1f) / (Exp(-x) + T.Of(1f));

    /// <summary>ln(1 + e^x), stable for any x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Softplus<T>(T x) where T : struct, ILane<T> => T.IfGreater(T.Of(0f), x, T.Of(0f), x) + Log1pUnit(Exp(-T.Abs(x)));

    /// <summary>Error function.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Erf<T>(T x) where T : struct, ILane<T>
    {
        T a = T.Abs(x);
        T tail = T.Of(1f) - ErfcTail(a);
        T large = T.IfGreater(T.Of(0f), x, -tail, tail);
        return T.IfGreater(a, T.Of(1f), large, ErfSmall(x));
    }

    /// <summary>1 - erf(x), with full relative precision where it is small.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Erfc<T>(T x) where T : struct, ILane<T>
    {
        T a = T.Abs(x);
        T tail = ErfcTail(a);
        T large = T.IfGreater(T.Of(0f), x, T.Of(2f) - tail, tail);
        return T.IfGreater(a, T.Of(1f), large, T.Of(1f) - ErfSmall(x));
    }

    /// <summary>x^y for x &gt; 0 as e^(y ln x): relative error about |y ln x| ulp. 0^y is 0 for y &gt; 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T PowPositive<T>(T x, T y) where T : struct, ILane<T>
    {
        T power = Exp(y * Log(x));
        return T.IfEqual(y, T.Of(0f), T.Of(1f), power);
    }

    /// <summary>cos(2 pi u) for u in [0, 1]; absolute error 1e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T CosTurns<T>(T u) where T : struct, ILane<T>
    {
        // -cos(2 pi t) with t = u - 1/2, as -sin(a) with a = 2 pi (1/4 - |t|) in [-pi/2, pi/2]: the odd series to a^13.
        T a = (T.Abs(u - T.Of(0.5f)) - T.Of(0.25f)) * T.Of(6.28318530717958648f);
        T z = a * a;
        T p = T.Of(1f / 6227020800f);
        p = T.MulAdd(p, z, T.Of(-1f / 39916800f));
        p = T.MulAdd(p, z, T.Of(1f / 362880f));
        p = T.MulAdd(p, z, T.Of(-1f / 5040f));
        p = T.MulAdd(p, z, T.Of(1f / 120f));
        p = T.MulAdd(p, z, T.Of(-1f / 6f));
        return T.MulAdd(p * z, a, a);
    }

    /// <summary>The larger value; NaN if either is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Max<T>(T a, T b) where T : struct, ILane<T> => T.IfEqual(a, a, T.IfGreater(a, b, a, b), a);

    /// <summary>The smaller value; NaN if either is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Min<T>(T a, T b) where T : struct, ILane<T> => T.IfEqual(a, a, T.IfGreater(b, a, a, b), a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ErfSmall<T>(T x) where T : struct, ILane<T>
    {
        T z = x * x;
        T p = T.Of(7.853861353153693e-5f);
        p = T.MulAdd(p, z, T.Of(-8.010193625184903e-4f));
        p = T.MulAdd(p, z, T.Of(5.188327685732524e-3f));
        p = T.MulAdd(p, z, T.Of(-2.685381193529856e-2f));
        p = T.MulAdd(p, z, T.Of(1.128358514861418e-1f));
        p = T.MulAdd(p, z, T.Of(-3.761262582423300e-1f));
        p = T.MulAdd(p, z, T.Of(1.128379165726710f));
        return p * x;
    }

    /// <summary>erfc(a) for a &gt;= 1; anything below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ErfcTail<T>(T a) where T : struct, ILane<T>
    {
        T q = T.Of(1f) / T.IfGreater(T.Of(1f), a, T.Of(1f), a);
        T z = q * q;
        T near = T.Of(2.326819970068386e-2f);
        near = T.MulAdd(near, z, T.Of(-1.387039388740657e-1f));
        near = T.MulAdd(near, z, T.Of(3.687424674597105e-1f));
        near = T.MulAdd(near, z, T.Of(-5.824733027278666e-1f));
        near = T.MulAdd(near, z, T.Of(6.210004621745983e-1f));
        near = T.MulAdd(near, z, T.Of(-4.944515323274145e-1f));
        near = T.MulAdd(near, z, T.Of(3.404879937665872e-1f));
        near = T.MulAdd(near, z, T.Of(-2.741127028184656e-1f));
        near = T.MulAdd(near, z, T.Of(5.638259427386472e-1f));
        T far = T.Of(-1.047766399936249e+1f);
        far = T.MulAdd(far, z, T.Of(1.297719955372516e+1f));
        far = T.MulAdd(far, z, T.Of(-7.495518717768503f));
        far = T.MulAdd(far, z, T.Of(2.921019019210786f));
        far = T.MulAdd(far, z, T.Of(-1.015265279202700f));
        far = T.MulAdd(far, z, T.Of(4.218463358204948e-1f));
        far = T.MulAdd(far, z, T.Of(-2.820767439740514e-1f));
        far = T.MulAdd(far, z, T.Of(5.641895067754075e-1f));
        return Exp(-(a * a)) * q * T.IfGreater(a, T.Of(2f), far, near);
    }
}
