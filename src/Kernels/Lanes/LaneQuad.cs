using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>Four neighbouring floats of a GPU thread, loaded and stored in one instruction where they lie at a multiple of 16 bytes.</summary>
internal unsafe struct LaneQuad : ILane<LaneQuad>
{
    public Float4 Value;

    public static int Count => 4;

    public static LaneQuad Load(float* source, int index) => new() { Value = DeviceMemory.Load4(source + index) };

    public static void Store(float* target, int index, LaneQuad value) => DeviceMemory.Store4(target + index, value.Value);

    public static LaneQuad Gather(float* source, int* index) =>
        Join(Scalar.Gather(source, index), Scalar.Gather(source, index + 1), Scalar.Gather(source, index + 2), Scalar.Gather(source, index + 3));

    public static void Scatter(float* target, int* index, LaneQuad value)
    {
        Scalar.Scatter(target, index, value.A);
        Scalar.Scatter(target, index + 1, value.B);
        Scalar.Scatter(target, index + 2, value.C);
        Scalar.Scatter(target, index + 3, value.D);
    }

    public static LaneQuad LoadInts(int* source, int index) => Join(
        Scalar.LoadInts(source, index), Scalar.LoadInts(source, index + 1), Scalar.LoadInts(source, index + 2), Scalar.LoadInts(source, index + 3));

    public static void StoreInts(int* target, int index, LaneQuad value)
    {
        Scalar.StoreInts(target, index, value.A);
        Scalar.StoreInts(target, index + 1, value.B);
        Scalar.StoreInts(target, index + 2, value.C);
        Scalar.StoreInts(target, index + 3, value.D);
    }

    public static LaneQuad Of(float value) => Join(new Scalar(value), new Scalar(value), new Scalar(value), new Scalar(value));

    public static LaneQuad operator +(LaneQuad left, LaneQuad right) =>
        Join(left.A + right.A, left.B + right.B, left.C + right.C, left.D + right.D);

    public static LaneQuad operator -(LaneQuad left, LaneQuad right) =>
        Join(left.A - right.A, left.B - right.B, left.C - right.C, left.D - right.D);

    public static LaneQuad operator *(LaneQuad left, LaneQuad right) =>
        Join(left.A * right.A, left.B * right.B, left.C * right.C, left.D * right.D);

    public static LaneQuad operator /(LaneQuad left, LaneQuad right) =>
        Join(left.A / right.A, left.B / right.B, left.C / right.C, left.D / right.D);

    public static LaneQuad operator -(LaneQuad value) => Join(-value.A, -value.B, -value.C, -value.D);

    public static LaneQuad MulAdd(LaneQuad a, LaneQuad b, LaneQuad c) =>
        Join(Scalar.MulAdd(a.A, b.A, c.A), Scalar.MulAdd(a.B, b.B, c.B), Scalar.MulAdd(a.C, b.C, c.C), Scalar.MulAdd(a.D, b.D, c.D));

    public static LaneQuad Abs(LaneQuad value) => Join(Scalar.Abs(value.A), Scalar.Abs(value.B), Scalar.Abs(value.C), Scalar.Abs(value.D));

    public static LaneQuad Sqrt(LaneQuad value) => Join(Scalar.Sqrt(value.A), Scalar.Sqrt(value.B), Scalar.Sqrt(value.C), Scalar.Sqrt(value.D));

    public static LaneQuad Floor(LaneQuad value) => Join(Scalar.Floor(value.A), Scalar.Floor(value.B), Scalar.Floor(value.C), Scalar.Floor(value.D));

    public static LaneQuad IfGreater(LaneQuad a, LaneQuad b, LaneQuad yes, LaneQuad no) => Join(
        Scalar.IfGreater(a.A, b.A, yes.A, no.A), Scalar.IfGreater(a.B, b.B, yes.B, no.B),
        Scalar.IfGreater(a.C, b.C, yes.C, no.C), Scalar.IfGreater(a.D, b.D, yes.D, no.D));

    public static LaneQuad IfEqual(LaneQuad a, LaneQuad b, LaneQuad yes, LaneQuad no) => Join(
        Scalar.IfEqual(a.A, b.A, yes.A, no.A), Scalar.IfEqual(a.B, b.B, yes.B, no.B),
        Scalar.IfEqual(a.C, b.C, yes.C, no.C), Scalar.IfEqual(a.D, b.D, yes.D, no.D));

    public static LaneQuad Scale(LaneQuad value, LaneQuad shifted) => Join(
        Scalar.Scale(value.A, shifted.A), Scalar.Scale(value.B, shifted.B), Scalar.Scale(value.C, shifted.C), Scalar.Scale(value.D, shifted.D));

    public static LaneQuad Exponent(LaneQuad value) =>
        Join(Scalar.Exponent(value.A), Scalar.Exponent(value.B), Scalar.Exponent(value.C), Scalar.Exponent(value.D));

    public static LaneQuad Mantissa(LaneQuad value) =>
        Join(Scalar.Mantissa(value.A), Scalar.Mantissa(value.B), Scalar.Mantissa(value.C), Scalar.Mantissa(value.D));

    public static LaneQuad Uniform(uint seedLow, uint seedHigh, uint stream, int index)
    {
        // Threads that take elements four by four start at a whole block of the generator and use all of it.
        var first = PhiloxCore.Words((uint)index >> 2, seedLow, seedHigh, stream);
        uint shift = (uint)index & 3;
        if (shift == 0) return Join(Unit(first.X), Unit(first.Y), Unit(first.Z), Unit(first.W));
        var next = PhiloxCore.Words(((uint)index >> 2) + 1, seedLow, seedHigh, stream);
        uint a = shift == 1 ? first.Y : shift == 2 ? first.Z : first.W, b = shift == 1 ? first.Z : shift == 2 ? first.W : next.X;
        uint c = shift == 1 ? first.W : shift == 2 ? next.X : next.Y, d = shift == 1 ? next.X : shift == 2 ? next.Y : next.Z;
        return Join(Unit(a), Unit(b), Unit(c), Unit(d));
    }

    public static float Sum(LaneQuad value) => (value.Value.X + value.Value.Y) + (value.Value.Z + value.Value.W);

    public static float Max(LaneQuad value) => SerialTeam.Larger(
        SerialTeam.Larger(value.Value.X, value.Value.Y), SerialTeam.Larger(value.Value.Z, value.Value.W));

    private readonly Scalar A => new(Value.X);
    private readonly Scalar B => new(Value.Y);
    private readonly Scalar C => new(Value.Z);
    private readonly Scalar D => new(Value.W);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static LaneQuad Join(Scalar a, Scalar b, Scalar c, Scalar d) =>
        new() { Value = new Float4 { X = a.Value, Y = b.Value, Z = c.Value, W = d.Value } };

    private static Scalar Unit(uint word) => new(PhiloxCore.Uniform(word));
}
