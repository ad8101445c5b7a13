using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>
/// Powers with an error of 2 ulp for any exponent. e^(y ln x) alone loses a bit for every doubling of |y ln x|, so the logarithm is
/// carried as the sum of two floats.
/// </summary>
internal static class LanePower
{
    /// <summary>x^y for x &gt;= 0, with x^0 = 1 for any x; results below 1.2e-38 are 0.</summary>
    public static T NotNegative<T>(T x, T y) where T : struct, ILane<T>
    {
        // Denormal bases are scaled up to normal ones; 0 stays and is replaced at the end.
        T tiny = T.Of(1.17549435e-38f);
        T scaled = T.IfGreater(tiny, x, x * T.Of(16777216f), x);
        T e = T.Exponent(scaled) - T.IfGreater(tiny, x, T.Of(24f), T.Of(0f));
        T m = T.Mantissa(scaled);
        T root = T.Of(1.41421356f);
        e = T.IfGreater(m, root, e + T.Of(1f), e);
        m = T.IfGreater(m, root, m * T.Of(0.5f), m);

        // ln m = 2 artanh(s), s = f / (2 + f): the series' first term 2s gets a correction for the rounding of s.
        T f = m - T.Of(1f), denominator = f + T.Of(2f);
        T lost = f - (denominator - T.Of(2f));   // what rounding took from the denominator
        T s = f / denominator;
        T rest = (T.MulAdd(-s, denominator, f) - s * lost) / denominator;
        T z = s * s;
        T p = T.Of(2f / 11f);
        p = T.MulAdd(p, z, T.Of(2f / 9f));
        p = T.MulAdd(p, z, T.Of(2f / 7f));
        p = T.MulAdd(p, z, T.Of(2f / 5f));
        p = T.MulAdd(p, z, T.Of(2f / 3f));
        T low = T.MulAdd(p * z, s, rest + rest);
        T high = s + s;

        // ln x = e ln 2 + ln m as high + low; e times the first part of ln 2 is exact.
        T whole = e * T.Of(0.693359375f);
        T sum = whole + high;
        T part = sum - whole;
        low = ((whole - (sum - part)) + (high - part)) + T.MulAdd(e, T.Of(-2.12194440e-4f), low);
        T log = sum + low;
        T logLow = (sum - log) + low;

        T product = y * log;
        T productLow = T.MulAdd(y, log, -product) + y * logLow;
        T power = LaneMath.Exp(product);
        // Where e^product is 0 or infinite the correction must not make it NaN.
        power = T.IfGreater(T.Of(88f), T.Abs(product), T.MulAdd(power, productLow, power), power);
        return Special(x, y, power);
    }

    /// <summary>The values at 0, at infinity and for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Special<T>(T x, T y, T power) where T : struct, ILane<T>
    {
        T zero = T.Of(0f), infinity = T.Of(float.PositiveInfinity);
        power = T.IfEqual(x, zero, T.IfGreater(y, zero, zero, infinity), power);
        power = T.IfGreater(x, T.Of(float.MaxValue), T.IfGreater(y, zero, infinity, zero), power);
        power = T.IfEqual(x, x, power, x);
        return T.IfEqual(y, zero, T.Of(1f), power);
    }
}
