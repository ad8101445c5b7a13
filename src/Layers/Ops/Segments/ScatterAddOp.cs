using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y[s] = sum of x[row] over the rows with index s; dx[row] = dy[index[row]].</summary>
internal sealed class ScatterAddOp(Tensor x, IndexTensor index, int columns, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, IndexTensor index, int count, ScatterForm form)
    {
        CheckDevice("ScatterAdd", x.Device, index.Device);
        if (form == ScatterForm.Atomic && x.Device.Kind != DeviceKind.Cuda)
            throw new NotSupportedException($"ScatterAdd: the atomic form runs on CUDA devices only, not on {x.Device}; use ScatterForm.Sorted.");
        int columns = SegmentShape.Columns("ScatterAdd", x, index.Count, "index");
        DeviceGraphs.Check("ScatterAdd", index, count);
        var y = Tensor.Empty(x.Device, SegmentShape.Rows(x.Shape, count), "ScatterAdd");
        if (form == ScatterForm.Atomic) Atomic(x.Buffer, index.Buffer, y.Buffer, columns);
        else SegmentSum.Run(x.Buffer, x.Device.Segments(index, count).Lists, EdgeWeight.None, y.Buffer, columns, mean: false, accumulate: false);
        Recorder(x)?.Add(new ScatterAddOp(x, index, columns, y));
        return y;
    }

    /// <summary>y = sums of the rows of x by index.</summary>
    public static void Atomic(DeviceBuffer x, DeviceBuffer index, DeviceBuffer y, int columns)
    {
        y.Device.Clear(y);
        y.Device.ForEach(new AtomicScatter { X = x.Floats, Y = y.Floats, Ids = index.Ints, Columns = new StridedAxis(columns, 0, 0) }, x.Length, 5f);
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dx = tape.Fresh(x)!;
        Kernels.Gather.Select(dy, index.Buffer, dx, 1, columns == 0 ? 0 : dy.Length / columns, index.Count, columns);
        tape.Put(x, dx);
    }
}
