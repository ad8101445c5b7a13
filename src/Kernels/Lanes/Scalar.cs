using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Algorithms;

namespace GpuNets.Kernels;

/// <summary>One float: the lane of a GPU thread, of an OpenCL work-item and of the tails of host loops.</summary>
internal unsafe struct Scalar(float value) : ILane<Scalar>
{
    public float Value = value;

    public static int Count => 1;

    public static Scalar Load(float* source, int index) => new(source[index]);
    public static void Store(float* target, int index, Scalar value) => target[index] = value.Value;
    public static Scalar Gather(float* source, int* index) => new(source[index[0]]);
    public static void Scatter(float* target, int* index, Scalar value) => target[index[0]] = value.Value;
    public static Scalar LoadInts(int* source, int index) => new((float)source[index]);
    public static void StoreInts(int* target, int index, Scalar value) => target[index] = (int)value.Value;
    public static Scalar Of(float value) => new(value);

    public static Scalar operator +(Scalar left, Scalar right) => new(left.Value + right.Value);
    public static Scalar operator -(Scalar left, Scalar right) => new(left.Value - right.Value);
    public static Scalar operator *(Scalar left, Scalar right) => new(left.Value * right.Value);
    public static Scalar operator /(Scalar left, Scalar right) => new(left.Value / right.Value);
    public static Scalar operator -(Scalar value) => new(-value.Value);
    public static Scalar MulAdd(Scalar a, Scalar b, Scalar c) => new(DeviceMath.MulAdd(a.Value, b.Value, c.Value));

    public static Scalar Abs(Scalar value) => new(XMath.Abs(value.Value));
    public static Scalar Sqrt(Scalar value) => new(XMath.Sqrt(value.Value));
    public static Scalar Floor(Scalar value) => new(XMath.Floor(value.Value));

    // Not operators: ILGPU may turn a comparison around, which makes it true for NaN on CUDA and, in an if, on OpenCL.
    public static Scalar IfGreater(Scalar a, Scalar b, Scalar yes, Scalar no) => new(DeviceMath.IfGreater(a.Value, b.Value, yes.Value, no.Value));
    public static Scalar IfEqual(Scalar a, Scalar b, Scalar yes, Scalar no) => new(DeviceMath.IfEqual(a.Value, b.Value, yes.Value, no.Value));

    public static Scalar Scale(Scalar value, Scalar shifted) =>
        new(Interop.IntAsFloat(Interop.FloatAsInt(value.Value) + (Interop.FloatAsInt(shifted.Value) << 23)));

    public static Scalar Exponent(Scalar value) => new((float)((int)(Interop.FloatAsInt(value.Value) >> 23) - 127));

    public static Scalar Mantissa(Scalar value) =>
        new(Interop.IntAsFloat((Interop.FloatAsInt(value.Value) & 0x007FFFFFu) | 0x3F800000u));

    public static Scalar Uniform(uint seedLow, uint seedHigh, uint stream, int index) =>
        new(PhiloxCore.Uniform(PhiloxCore.Word(seedLow, seedHigh, stream, (uint)index)));

    public static float Sum(Scalar value) => value.Value;
    public static float Max(Scalar value) => value.Value;
}
