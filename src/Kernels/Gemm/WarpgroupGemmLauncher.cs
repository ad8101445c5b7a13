using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace GpuNets.Kernels;

/// <summary>Packs the operands of a batch of products, then runs <see cref="WarpgroupGemm{TFormat, TAccess, TActivation}"/>.</summary>
internal static class WarpgroupGemmLauncher
{
    private const int PackGroup = 256;

    public static void Run<TFormat, TAccess, TActivation>(in TeamGemmJob job)
        where TFormat : struct, ITensorFormat where TAccess : struct, ITeamAccess where TActivation : struct, IUnaryOp
    {
        var size = job.Size;
        var a = Pack<TFormat, TAccess>(job.Device, job.Operands.A, size.M, size, size.StrideA, size.LeadingA, size.TransposeA, WarpgroupGemmSize.Rows);
        var b = Pack<TFormat, TAccess>(job.Device, job.Operands.B, size.N, size, size.StrideB, size.LeadingB, !size.TransposeB, Warpgroup.Columns);
        int columnTiles = (size.N + Warpgroup.Columns - 1) / Warpgroup.Columns, rowTiles = (size.M + WarpgroupGemmSize.Rows - 1) / WarpgroupGemmSize.Rows;
        for (int product = 0; product < size.Batch; product += Device.MaxGridYZ)
        {
            var kernel = new WarpgroupGemm<TFormat, TAccess, TActivation>
            {
                C = job.Operands.C,
                Old = job.Operands.Old,
                Bias = job.Operands.Bias,
                Size = job.Geometry,
                Part = job.Part(columnTiles, product),
                MapA = Address(a),
                MapB = Address(b),
                ProductsA = size.StrideA == 0 ? 0 : 1,
                ProductsB = size.StrideB == 0 ? 0 : 1,
            };
            var grid = new Index3D(checked(rowTiles * columnTiles), Math.Min(Device.MaxGridYZ, size.Batch - product), job.Plan.Parts);
            job.Device.ForGrid(
                kernel,
                new KernelConfig(grid, new Index3D(WarpgroupGemmSize.GroupSize, 1, 1), SharedMemoryConfig.RequestDynamic<byte>(WarpgroupGemmSize.SharedBytes)),
                WarpgroupGemmSize.GroupSize);
        }
        a.Free();
        b.Free();
    }

    private static DeviceBuffer Pack<TFormat, TAccess>(
        Device device, ArrayView<float> from, int lines, in GemmSize size, long stride, int step, bool alongLines, int boxLines)
        where TFormat : struct, ITensorFormat where TAccess : struct, ITeamAccess
    {
        int products = stride == 0 ? 1 : size.Batch, lineChunks = (size.K + TFormat.Chunk - 1) / TFormat.Chunk;
        const int ints = SharedMatrix.Chunk / sizeof(int);
        var buffer = device.Allocate(checked((PackedOperand.MapChunks + products * lines * lineChunks) * ints), "packed operand of a product");
        ulong lineBytes = (ulong)lineChunks * SharedMatrix.Chunk;
        var layout = new TensorMapLayout(
            Address(buffer) + TensorMap.Size, size.K, lines, products, SharedMatrix.Chunk / TFormat.Chunk, lineBytes, lineBytes * (ulong)lines, boxLines);
        var packed = new PackedOperand
        {
            Chunks = buffer.Floats.Cast<UInt4>(),
            Map = device.Accelerator is CudaAccelerator ? TensorMap.Encode(layout) : TensorMap.Emulate(layout),
            Lines = lines,
            Terms = size.K,
            LineChunks = lineChunks,
        };
        if (alongLines) Launch<PackLines<TFormat, TAccess>>(device, packed, from, stride, step, products);
        else Launch<PackTerms<TFormat, TAccess>>(device, packed, from, stride, step, products);
        return buffer;
    }

    private static void Launch<TKernel>(Device device, PackedOperand packed, ArrayView<float> from, long stride, int step, int products)
        where TKernel : struct, IPackKernel<TKernel>
    {
        var (lines, chunks) = TKernel.Tile;
        packed.Columns = (packed.LineChunks + chunks - 1) / chunks;
        int tiles = checked((packed.Lines + lines - 1) / lines * packed.Columns);
        for (int product = 0; product < products; product += Device.MaxGridYZ)
            device.ForGrid(
                TKernel.Create(packed, from, stride, step, product),
                new KernelConfig(new Index3D(tiles, Math.Min(Device.MaxGridYZ, products - product), 1), new Index3D(PackGroup, 1, 1)), PackGroup);
    }

    private static ulong Address(DeviceBuffer buffer) => (ulong)buffer.Floats.LoadEffectiveAddressAsPtr();
}
