using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Eight neighbouring floats in registers. Fields, because arrays of a kernel live in memory; on PoCL eight fields become vector
/// registers, on PTX eight scalar ones.
/// </summary>
internal struct Row8
{
    public float A, B, C, D, E, F, G, H;

    public static Row8 Load(ArrayView<float> v, int i) => new()
    {
        A = v[i],
        B = v[i + 1],
        C = v[i + 2],
        D = v[i + 3],
        E = v[i + 4],
        F = v[i + 5],
        G = v[i + 6],
        H = v[i + 7],
    };

    public static void Store(ArrayView<float> v, long i, Row8 r)
    {
        (v[i], v[i + 1], v[i + 2], v[i + 3]) = (r.A, r.B, r.C, r.D);
        (v[i + 4], v[i + 5], v[i + 6], v[i + 7]) = (r.E, r.F, r.G, r.H);
    }

    public static Row8 Add(Row8 x, Row8 y) => new()
    {
        A = x.A + y.A,
        B = x.B + y.B,
        C = x.C + y.C,
        D = x.D + y.D,
        E = x.E + y.E,
        F = x.F + y.F,
        G = x.G + y.G,
        H = x.H + y.H,
    };

    /// <summary>s + x b.</summary>
    public static Row8 MulAdd(float x, Row8 b, Row8 s) => new()
    {
        A = s.A + x * b.A,
        B = s.B + x * b.B,
        C = s.C + x * b.C,
        D = s.D + x * b.D,
        E = s.E + x * b.E,
        F = s.F + x * b.F,
        G = s.G + x * b.G,
        H = s.H + x * b.H,
    };
}

/// <summary>A row of the PoCL tile: 32 neighbouring floats.</summary>
internal struct Row32
{
    public const int Width = 32;

    public Row8 A, B, C, D;

    public static Row32 Load(ArrayView<float> v, int i) =>
        new() { A = Row8.Load(v, i), B = Row8.Load(v, i + 8), C = Row8.Load(v, i + 16), D = Row8.Load(v, i + 24) };

    public static void Store(ArrayView<float> v, long i, Row32 r)
    {
        Row8.Store(v, i, r.A);
        Row8.Store(v, i + 8, r.B);
        Row8.Store(v, i + 16, r.C);
        Row8.Store(v, i + 24, r.D);
    }

    public static Row32 Add(Row32 x, Row32 y) =>
        new() { A = Row8.Add(x.A, y.A), B = Row8.Add(x.B, y.B), C = Row8.Add(x.C, y.C), D = Row8.Add(x.D, y.D) };

    /// <summary>s + x b.</summary>
    public static Row32 MulAdd(float x, Row32 b, Row32 s) => new()
    {
        A = Row8.MulAdd(x, b.A, s.A),
        B = Row8.MulAdd(x, b.B, s.B),
        C = Row8.MulAdd(x, b.C, s.C),
        D = Row8.MulAdd(x, b.D, s.D),
    };
}
