using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Matrix products on any device.</summary>
public static class Gemm
{
    /// <summary>
    /// C = f(op(A) op(B) + bias), C = f(C + op(A) op(B) + bias) with <paramref name="accumulate"/>, or C = f(R + op(A) op(B) + bias) with a
    /// residual R, for every product of a batch. Results depend on the sizes and the device alone, not on timing or the number of threads.
    /// Without <paramref name="accumulate"/>, C is not read. C must not overlap A or B, nor R in part.
    /// </summary>
    /// <param name="a">A: [M, K] per product, or [K, M] if transposed.</param>
    /// <param name="b">B: [K, N] per product, or [N, K] if transposed.</param>
    /// <param name="c">C: [M, N] per product.</param>
    /// <param name="size">Sizes and places of the operands.</param>
    /// <param name="bias">[N], added to every row; null for none.</param>
    /// <param name="activation">The function f.</param>
    /// <param name="accumulate">Add to what C holds.</param>
    /// <param name="residual">R, [M, N] per product, placed in its buffer as C is in its own; null for none.</param>
    /// <exception cref="ArgumentException">Both <paramref name="accumulate"/> and <paramref name="residual"/> are given.</exception>
    /// <exception cref="ShapeException">A size is negative, or an operand does not fit its buffer.</exception>
    /// <exception cref="DeviceMismatchException">The buffers live on different devices.</exception>
    public static void Run(
        DeviceBuffer a, DeviceBuffer b, DeviceBuffer c, in GemmSize size,
        DeviceBuffer? bias = null, Activation activation = Activation.Identity, bool accumulate = false, DeviceBuffer? residual = null)
    {
        Check(a, b, c, size, bias);
        if (residual is not null)
        {
            if (accumulate) throw new ArgumentException("Gemm: a product adds what C holds or a residual, not both.", nameof(residual));
            CheckOperand("residual", residual, c, size.OffsetC, size.LastC);
        }
        if (size.M == 0 || size.N == 0 || size.Batch == 0) return;
        var folded = size.Folded();
        if (c.Device.Form == ExecutionForm.Host) Host(a, b, c, folded, bias, activation, accumulate, residual);
        else Device(a, b, c, folded, bias, activation, accumulate ? c : residual);
    }

    /// <summary>
    /// B in the order in which a CPU under OpenCL reads it, for products with few rows that are repeated with the same B; null on devices
    /// that read it in place.
    /// </summary>
    internal static DeviceBuffer? Pack(DeviceBuffer b, in GemmSize size) =>
        b.Device.Form == ExecutionForm.Serial ? ItemGemmLauncher.Pack(b.Device, From(b, size.OffsetB), size) : null;

    /// <summary>C += A B + bias with what <see cref="Pack"/> made of B.</summary>
    internal static void AddPacked(DeviceBuffer a, DeviceBuffer panels, DeviceBuffer c, in GemmSize size, DeviceBuffer? bias)
    {
        var operands = new GemmOperands(From(a, size.OffsetA), panels.Floats, From(c, size.OffsetC), (bias ?? c).Floats);
        ItemGemmLauncher.Run<NoActivation>(c.Device, operands, size, new GemmGeometry(size, bias is not null, accumulate: true), panels);
    }

    private static unsafe void Host(
        DeviceBuffer a, DeviceBuffer b, DeviceBuffer c, in GemmSize size, DeviceBuffer? bias, Activation activation, bool accumulate,
        DeviceBuffer? residual)
    {
        c.Device.Launches++;
        HostGemm.Run(c.Device.Workers, new HostGemmProblem
        {
            A = a.Floats.Ptr() + size.OffsetA,
            B = b.Floats.Ptr() + size.OffsetB,
            C = c.Floats.Ptr() + size.OffsetC,
            Bias = bias is null ? null : bias.Floats.Ptr(),
            Size = size,
            Activation = activation,
            Residual = residual is null || residual == c ? null : residual.Floats.Ptr() + size.OffsetC,
            Accumulate = accumulate || residual is not null,
        });
    }

    private static void Device(
        DeviceBuffer a, DeviceBuffer b, DeviceBuffer c, in GemmSize size, DeviceBuffer? bias, Activation activation, DeviceBuffer? old)
    {
        switch (activation)
        {
            case Activation.Identity: Device<NoActivation>(a, b, c, size, bias, old); break;
            case Activation.Relu: Device<Relu>(a, b, c, size, bias, old); break;
            case Activation.Tanh: Device<Tanh>(a, b, c, size, bias, old); break;
            case Activation.Sigmoid: Device<Sigmoid>(a, b, c, size, bias, old); break;
            case Activation.Gelu: Device<Gelu>(a, b, c, size, bias, old); break;
            default: throw new ArgumentOutOfRangeException(nameof(activation), activation, "not an activation");
        }
    }

    private static void Device<TActivation>(DeviceBuffer a, DeviceBuffer b, DeviceBuffer c, in GemmSize size, DeviceBuffer? bias, DeviceBuffer? old)
        where TActivation : struct, IUnaryOp
    {
        if (c.Device.Form == ExecutionForm.Serial && GemmPlan.TurnAForItems(size))
        {
            var turned = Turn(a, size, out var upright);
            Device<TActivation>(turned, b, c, upright, bias, old);
            turned.Free();
            return;
        }
        var operands = new GemmOperands(From(a, size.OffsetA), From(b, size.OffsetB), From(c, size.OffsetC), (bias ?? c).Floats)
        {
            Old = From(old ?? c, size.OffsetC),
        };
        var geometry = new GemmGeometry(size, bias is not null, accumulate: old is not null);
        if (c.Device.Form == ExecutionForm.Serial) ItemGemmLauncher.Run<TActivation>(c.Device, operands, size, geometry);
        else TeamGemmLauncher.Run<TActivation>(c.Device, operands, size, geometry);
    }

    // A as [M, K].
    private static DeviceBuffer Turn(DeviceBuffer a, in GemmSize size, out GemmSize upright)
    {
        int products = size.StrideA == 0 ? 1 : size.Batch, each = checked(size.M * size.K);
        upright = size with { TransposeA = false, LeadingA = size.K, OffsetA = 0, StrideA = size.StrideA == 0 ? 0 : each };
        var turned = a.Device.Allocate(checked(products * each), "turned operand of a product");
        StridedCopy.Launch<Write>(
            "Gemm", a, size.OffsetA, turned, 0, [products, size.M, size.K], [checked((int)size.StrideA), 1, size.LeadingA], [each, size.K, 1]);
        return turned;
    }

    private static ArrayView<float> From(DeviceBuffer buffer, int offset) =>
        buffer.Floats.SubView(offset, buffer.Floats.Length - offset);

    private static void Check(DeviceBuffer a, DeviceBuffer b, DeviceBuffer c, in GemmSize size, DeviceBuffer? bias)
    {
        if (size.M < 0 || size.N < 0 || size.K < 0 || size.Batch < 0)
            throw new ShapeException("Gemm", $"sizes must not be negative: M = {size.M}, N = {size.N}, K = {size.K}, Batch = {size.Batch}.");
        CheckOperand("A", a, c, size.OffsetA, size.LastA);
        CheckOperand("B", b, c, size.OffsetB, size.LastB);
        CheckOperand("C", c, c, size.OffsetC, size.LastC);
        if (bias is not null) CheckOperand("bias", bias, c, 0, size.N);
    }

    private static void CheckOperand(string name, DeviceBuffer buffer, DeviceBuffer c, int offset, long end)
    {
        if (buffer.Device != c.Device) throw new DeviceMismatchException("Gemm", c.Device.ToString(), buffer.Device.ToString());
        if (offset < 0 || end > buffer.Length)
            throw new ShapeException("Gemm", $"{name} covers elements {offset} to {end - 1}, but its buffer holds {buffer.Length}.");
    }
}
