namespace GpuNets.Kernels;

/// <summary>Four floats that a GPU loads or stores in one instruction (a power-of-two struct becomes a vector access).</summary>
internal struct Float4
{
    public float X, Y, Z, W;

    public static Float4 Add(Float4 a, Float4 b) => new() { X = a.X + b.X, Y = a.Y + b.Y, Z = a.Z + b.Z, W = a.W + b.W };

    /// <summary>x b.</summary>
    public static Float4 Scale(float x, Float4 b) => new() { X = x * b.X, Y = x * b.Y, Z = x * b.Z, W = x * b.W };

    /// <summary>s + x b.</summary>
    public static Float4 MulAdd(float x, Float4 b, Float4 s) =>
        new() { X = s.X + x * b.X, Y = s.Y + x * b.Y, Z = s.Z + x * b.Z, W = s.W + x * b.W };

    public static Float4 Apply<TOp>(Float4 v) where TOp : struct, IUnaryOp => new()
    {
        X = TOp.Forward(new Scalar(v.X)).Value,
        Y = TOp.Forward(new Scalar(v.Y)).Value,
        Z = TOp.Forward(new Scalar(v.Z)).Value,
        W = TOp.Forward(new Scalar(v.W)).Value,
    };
}

/// <summary>Two floats that a GPU loads or stores in one instruction.</summary>
internal struct Float2
{
    public float X, Y;
}
