namespace GpuNets;

/// <summary>
/// The five 8-bit float formats as tables of 256 values.
/// value = (-1)^s (1 + m/2^M) 2^(e - bias), and (-1)^s (m/2^M) 2^(1 - bias) for e = 0.
/// </summary>
internal static class Float8
{
    /// <summary>Infinities and NaN as in IEEE 754.</summary>
    public static readonly float[] E5M2 = Table(mantissaBits: 2, bias: 15, (e, m) =>
        e != 31 ? null : m == 0 ? float.PositiveInfinity : float.NaN);

    /// <summary>No infinities; only the all-ones pattern is NaN.</summary>
    public static readonly float[] E4M3 = Table(mantissaBits: 3, bias: 7, (e, m) => e == 15 && m == 7 ? float.NaN : null);

    /// <summary>No infinities; the pattern of negative zero is NaN.</summary>
    public static readonly float[] E4M3Fnuz = Fnuz(Table(mantissaBits: 3, bias: 8, (_, _) => null));

    /// <summary>No infinities; the pattern of negative zero is NaN.</summary>
    public static readonly float[] E5M2Fnuz = Fnuz(Table(mantissaBits: 2, bias: 16, (_, _) => null));

    /// <summary>A bare exponent: 2^(x - 127), 255 is NaN.</summary>
    public static readonly float[] E8M0 =
        [.. Enumerable.Range(0, 256).Select(x => x == 255 ? float.NaN : MathF.ScaleB(1f, x - 127))];

    private static float[] Table(int mantissaBits, int bias, Func<int, int, float?> special)
    {
        var table = new float[256];
        for (int pattern = 0; pattern < 256; pattern++)
        {
            int mantissa = pattern & ((1 << mantissaBits) - 1);
            int exponent = (pattern & 0x7F) >> mantissaBits;
            float fraction = mantissa / (float)(1 << mantissaBits);
            float magnitude = special(exponent, mantissa)
                ?? (exponent == 0 ? MathF.ScaleB(fraction, 1 - bias) : MathF.ScaleB(1f + fraction, exponent - bias));
            table[pattern] = pattern < 128 ? magnitude : -magnitude;
        }
        return table;
    }

    private static float[] Fnuz(float[] table)
    {
        table[0x80] = float.NaN;
        return table;
    }
}
