using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>Launches <see cref="ItemGemm{TRows}"/>: packs what cannot be read in place, then whole panels of columns, then the rest.</summary>
internal static class ItemGemmLauncher
{
    private const int MaxGroup = 16;

    /// <summary>Runs a batch of products.</summary>
    /// <param name="device">The device.</param>
    /// <param name="operands">The operands; B is not looked at if it is given packed.</param>
    /// <param name="size">Sizes.</param>
    /// <param name="geometry">The same for kernels.</param>
    /// <param name="panels">What <see cref="Pack(Device, ArrayView{float}, in GemmSize)"/> made of B; null if it is not packed yet.</param>
    public static void Run<TActivation>(
        Device device, in GemmOperands operands, in GemmSize size, in GemmGeometry geometry, DeviceBuffer? panels = null)
        where TActivation : struct, IUnaryOp
    {
        int whole = size.N / Row32.Width, count = Panels(size);
        int firstPacked = panels is not null || GemmPlan.PackForItems(size) ? 0 : whole;
        var packed = panels is not null ? null : Pack(device, operands.B, size, geometry, firstPacked, count);
        var packedB = (panels ?? packed)?.Floats ?? operands.B;
        int step = size.K * Row32.Width;
        long stride = size.StrideB == 0 ? 0 : (long)(count - firstPacked) * step;
        var job = new Job(operands.A, packedB, operands.C, operands.Old, operands.Bias, geometry, step, Row32.Width, stride);
        if (whole > 0)
        {
            var inPlace = job with { B = operands.B, PanelStep = Row32.Width, BStep = geometry.BStep, BStride = size.StrideB };
            Launch(device, firstPacked == 0 ? job : inPlace, whole, size);
            if (typeof(TActivation) != typeof(NoActivation))
                device.ForRows(
                    new ActivateRows<TActivation> { C = operands.C, Size = geometry, Columns = whole * Row32.Width }, size.M * size.Batch, size.N);
        }
        if (count > whole)
        {
            long skip = (long)(whole - firstPacked) * step;
            Rest<TActivation>(device, operands, size, job with { B = size.K == 0 ? packedB : packedB.SubView(skip, packedB.Length - skip) }, whole);
        }
        packed?.Free();
    }

    /// <summary>All of B in panels, for products that are repeated with it; null if there is nothing to pack.</summary>
    public static DeviceBuffer? Pack(Device device, ArrayView<float> b, in GemmSize size) =>
        Pack(device, b, size, new GemmGeometry(size, false, false), 0, Panels(size));

    private static int Panels(in GemmSize size) => (size.N + Row32.Width - 1) / Row32.Width;

    // The last columns do not fill a panel: their sums go to a panel of their own, and from there to C.
    private static void Rest<TActivation>(Device device, in GemmOperands operands, in GemmSize size, Job job, int whole)
        where TActivation : struct, IUnaryOp
    {
        int first = whole * Row32.Width, rows = size.M * size.Batch;
        var sums = device.Allocate(checked(rows * Row32.Width), "sums of the last columns");
        var geometry = job.Size with { LeadingC = Row32.Width, StrideC = (long)size.M * Row32.Width, HasBias = 0, Accumulate = 0 };
        Launch(device, job with { C = sums.Floats, Size = geometry }, 1, size);
        device.ForRows(
            new FinishRows<TActivation>
            {
                C = operands.C.SubView(first, operands.C.Length - first),
                Old = operands.Old.SubView(first, operands.Old.Length - first),
                Bias = job.Size.HasBias == 0 ? operands.Bias : operands.Bias.SubView(first, size.N - first),
                Sums = sums.Floats,
                Size = job.Size,
                Columns = size.N - first,
            },
            rows, size.N - first);
        sums.Free();
    }

    private static DeviceBuffer? Pack(Device device, ArrayView<float> b, in GemmSize size, in GemmGeometry geometry, int first, int panels)
    {
        if (first == panels || size.K == 0) return null;
        int products = size.StrideB == 0 ? 1 : size.Batch, group = Math.Min(MaxGroup, device.Accelerator.MaxNumThreadsPerGroup);
        var target = device.Allocate(checked(products * (panels - first) * size.K * Row32.Width), "packed panels");
        for (int product = 0; product < products; product += Device.MaxGridYZ)
            device.ForGrid(
                new PackPanels { B = b, Panels = target.Floats, Size = geometry, FirstPanel = first, FirstProduct = product },
                new KernelConfig(
                    new Index3D(panels - first, (size.K + group - 1) / group, Math.Min(Device.MaxGridYZ, products - product)),
                    new Index3D(group, 1, 1)),
                MaxGroup);
        return target;
    }

    private static void Launch(Device device, in Job job, int panels, in GemmSize size)
    {
        if (size.M == 1) Launch<N1>(device, job, panels, size);
        else Launch<N4>(device, job, panels, size);
    }

    private static void Launch<TRows>(Device device, in Job job, int panels, in GemmSize size) where TRows : struct, ICount
    {
        int tiles = (size.M + TRows.Value - 1) / TRows.Value;
        int group = Math.Min(GemmPlan.ItemGroup(tiles), device.Accelerator.MaxNumThreadsPerGroup);
        int groups = (tiles + group - 1) / group;
        for (int product = 0; product < size.Batch; product += Device.MaxGridYZ)
            for (int first = 0; first < groups; first += Device.MaxGridYZ)
                device.ForGrid(
                    new ItemGemm<TRows>
                    {
                        A = job.A,
                        B = job.B,
                        C = job.C,
                        Old = job.Old,
                        Bias = job.Bias,
                        Size = job.Size,
                        PanelStep = job.PanelStep,
                        BStep = job.BStep,
                        BStride = job.BStride,
                        FirstRow = first * group * TRows.Value,
                        FirstProduct = product,
                    },
                    new KernelConfig(
                        new Index3D(panels, Math.Min(Device.MaxGridYZ, groups - first), Math.Min(Device.MaxGridYZ, size.Batch - product)),
                        new Index3D(1, group, 1)),
                    MaxGroup);
    }

    private readonly record struct Job(
        ArrayView<float> A, ArrayView<float> B, ArrayView<float> C, ArrayView<float> Old, ArrayView<float> Bias, GemmGeometry Size, int PanelStep, int BStep, long BStride);
}
