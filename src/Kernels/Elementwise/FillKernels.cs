using ILGPU;

namespace GpuNets.Kernels;

/// <summary>y[i] = value.</summary>
internal struct Fill : IElementKernel
{
    public static bool InFours => true;

    public ArrayView<float> Y;
    public float Value;

    public static void Launch(DeviceBuffer y, float value) => y.Device.ForEach(new Fill { Y = y.Floats, Value = value }, y.Length, 0.1f);

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body { Y = Y.Ptr(), Value = Value });

    private unsafe struct Body : IElementBody
    {
        public float* Y;
        public float Value;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, T.Of(Value));
    }
}

/// <summary>y[i] += x[i].</summary>
internal struct AddInPlace : IElementKernel
{
    public static bool InFours => true;

    public ArrayView<float> X, Y;

    public static void Launch(DeviceBuffer x, DeviceBuffer y) => y.Device.ForEach(new AddInPlace { X = x.Floats, Y = y.Floats }, y.Length);

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body { X = X.Ptr(), Y = Y.Ptr() });

    private unsafe struct Body : IElementBody
    {
        public float* X, Y;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, T.Load(Y, i) + T.Load(X, i));
    }
}
