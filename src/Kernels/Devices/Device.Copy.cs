using GpuNets.Kernels;
using ILGPU;
using ILGPU.Runtime;

namespace GpuNets;

public sealed partial class Device
{
    internal unsafe void CopyToDevice<T>(ArrayView<T> target, ReadOnlySpan<T> values) where T : unmanaged
    {
        if (values.IsEmpty) return;
        ThrowIfRecording("copies host values to the device");
        if (Form == ExecutionForm.Host)
        {
            fixed (T* pointer = &target[0]) values.CopyTo(new Span<T>(pointer, values.Length));
            return;
        }
        // Pinned until the copy is done: ILGPU pins only while it enqueues, after which a collection may move the array.
        fixed (T* pointer = values)
        {
            if (Kind == DeviceKind.OpenCL)
            {
                OpenClCommands.Write(Stream, pointer, target.Cast<float>(), values.Length);
                return;
            }
            target.CopyFromCPUUnsafeAsync(Stream, ref *pointer, values.Length);
            Stream.Synchronize();
        }
    }

    /// <summary>Copies a few host values to the device in launch order; returns when they may change, not when they have arrived.</summary>
    internal unsafe void Send(ArrayView<int> target, ReadOnlySpan<int> values)
    {
        if (Kind != DeviceKind.Cuda)
        {
            CopyToDevice(target, values);
            return;
        }
        // CUDA takes pageable memory into a buffer of its own before the call returns.
        fixed (int* pointer = values) target.CopyFromCPUUnsafeAsync(Stream, ref *pointer, values.Length);
    }

    internal unsafe void CopyToHost<T>(ArrayView<T> source, Span<T> values) where T : unmanaged
    {
        if (values.IsEmpty) return;
        ThrowIfRecording("reads values of the device");
        if (Form == ExecutionForm.Host)
        {
            fixed (T* pointer = &source[0]) new Span<T>(pointer, values.Length).CopyTo(values);
            return;
        }
        fixed (T* pointer = values)
        {
            if (Kind == DeviceKind.OpenCL)
            {
                OpenClCommands.Read(Stream, source.Cast<float>(), pointer, values.Length);
                return;
            }
            source.CopyToCPUUnsafeAsync(Stream, ref *pointer, values.Length);
            Stream.Synchronize();
        }
    }

    /// <summary>Copies a buffer to another of the same length, in launch order.</summary>
    internal void Copy(DeviceBuffer source, DeviceBuffer target)
    {
        if (source.Length == 0) return;
        if (Form == ExecutionForm.Host)
        {
            // With all cores: one of them moves half of what memory gives.
            ForEach(new ContiguousCopy<Write> { X = source.Floats, Y = target.Floats }, source.Length);
            return;
        }
        Launches++;
        var (from, to) = (source.Floats.SubView(0, source.Length), target.Floats.SubView(0, source.Length));
        if (Recording is { Graph.TakesLaunches: true } recording) NoteCopy(recording.Graph, from, to);
        else Copy(from, to);
    }

    private void Copy(ArrayView<float> source, ArrayView<float> target)
    {
        if (Kind == DeviceKind.OpenCL) OpenClCommands.Copy(Stream, source, target);
        else source.CopyTo(Stream, target);
    }

    private void NoteCopy(ILaunchGraph graph, ArrayView<float> source, ArrayView<float> target) => graph.Add(() => Copy(source, target));

    /// <summary>Fills a buffer with the values of another, or with zeros if there is none.</summary>
    internal void Start(DeviceBuffer target, DeviceBuffer? source)
    {
        if (source is null) Clear(target);
        else Copy(source, target);
    }

    /// <summary>Sets all values of a buffer to zero, in launch order.</summary>
    internal void Clear(DeviceBuffer buffer)
    {
        if (Form == ExecutionForm.Host)
        {
            Fill.Launch(buffer, 0f);
            return;
        }
        Launches++;
        if (Recording is { Graph.TakesLaunches: true } recording) NoteClear(recording.Graph, buffer.Floats);
        else Clear(buffer.Floats);
    }

    private void Clear(ArrayView<float> target)
    {
        if (Kind == DeviceKind.OpenCL) OpenClCommands.Clear(Stream, target);
        else target.MemSetToZero(Stream);
    }

    private void NoteClear(ILaunchGraph graph, ArrayView<float> target) => graph.Add(() => Clear(target));
}
