using ILGPU;

namespace GpuNets.Kernels;

/// <summary>How wide the heads are that a decoding kernel is compiled for: parts of 64 features.</summary>
internal interface IDecodeWidth
{
    /// <summary>1, 2 or 4.</summary>
    static abstract int Parts { get; }
}

/// <summary>Heads of up to 64 features.</summary>
internal readonly struct Decode64 : IDecodeWidth
{
    public static int Parts => 1;
}

/// <summary>Heads of up to 128 features.</summary>
internal readonly struct Decode128 : IDecodeWidth
{
    public static int Parts => 2;
}

/// <summary>Heads of up to 256 features.</summary>
internal readonly struct Decode256 : IDecodeWidth
{
    public static int Parts => 4;
}

/// <summary>What one of 16 neighbouring threads holds of a row: of each 64 features four.</summary>
internal struct DecodeRow<TWidth> where TWidth : struct, IDecodeWidth
{
    private Float4 _a, _b, _c, _d;

    /// <summary>A part.</summary>
    public readonly Float4 Part(int part) => part == 0 ? _a : part == 1 ? _b : part == 2 ? _c : _d;

    /// <summary>A row with so many features; zeros with none.</summary>
    public static DecodeRow<TWidth> Load<TAccess>(ArrayView<float> view, int start, int features) where TAccess : struct, ITeamAccess
    {
        int first = Group.IdxX % 16 * 4;
        start += first;
        features -= first;
        DecodeRow<TWidth> row = default;
        row._a = TAccess.Load(view, start, features);
        if (TWidth.Parts > 1) row._b = TAccess.Load(view, start + 64, features - 64);
        if (TWidth.Parts > 2) row._c = TAccess.Load(view, start + 128, features - 128);
        if (TWidth.Parts > 2) row._d = TAccess.Load(view, start + 192, features - 192);
        return row;
    }

    /// <summary>The thread's share of the product of two rows.</summary>
    public static float Product(in DecodeRow<TWidth> x, in DecodeRow<TWidth> y)
    {
        float sum = Product(x._a, y._a);
        if (TWidth.Parts > 1) sum += Product(x._b, y._b);
        if (TWidth.Parts > 2) sum += Product(x._c, y._c) + Product(x._d, y._d);
        return sum;
    }

    /// <summary>sums + w x.</summary>
    public static DecodeRow<TWidth> MulAdd(float w, in DecodeRow<TWidth> x, DecodeRow<TWidth> sums)
    {
        sums._a = Float4.MulAdd(w, x._a, sums._a);
        if (TWidth.Parts > 1) sums._b = Float4.MulAdd(w, x._b, sums._b);
        if (TWidth.Parts > 2) sums._c = Float4.MulAdd(w, x._c, sums._c);
        if (TWidth.Parts > 2) sums._d = Float4.MulAdd(w, x._d, sums._d);
        return sums;
    }

    /// <summary>w x.</summary>
    public static DecodeRow<TWidth> Scale(float w, in DecodeRow<TWidth> x) => MulAdd(w, x, default);

    private static float Product(Float4 x, Float4 y) => x.X * y.X + x.Y * y.Y + (x.Z * y.Z + x.W * y.W);
}
