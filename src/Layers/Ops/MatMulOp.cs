using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// y = f(z), z = op(a) op(b) + bias + residual, over batches. With dz = dy f'(z): da = dz op(b)^T, db = op(a)^T dz (transposed back where the
/// operand is stored transposed, summed over the batch axes along which it was broadcast), dbias = sum of dz over all rows,
/// dresidual = dz.
/// </summary>
/// <param name="a">Left operand.</param>
/// <param name="b">Right operand.</param>
/// <param name="bias">Added to every row, or null.</param>
/// <param name="residual">Added to the products, or null.</param>
/// <param name="shape">Sizes and batch axes.</param>
/// <param name="activation">The function f.</param>
/// <param name="preactivation">z, kept only if f' needs it (gelu); else null, and f' is computed from y.</param>
/// <param name="y">The output.</param>
internal sealed class MatMulOp(
    Tensor a, Tensor b, Tensor? bias, Tensor? residual, MatMulShape shape, Activation activation, Tensor? preactivation, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(Tensor a, Tensor b, bool transposeA, bool transposeB, Tensor? bias, Activation activation, Tensor? residual = null)
    {
        CheckDevice("MatMul", a.Device, b.Device);
        var shape = new MatMulShape(a.Shape, b.Shape, transposeA, transposeB);
        if (bias is not null)
        {
            CheckDevice("MatMul", a.Device, bias.Device);
            if (bias.Shape != new Shape(shape.N)) throw new ShapeException("MatMul", $"the bias has shape {bias.Shape}, expected [{shape.N}].");
        }
        if (residual is not null)
        {
            CheckDevice("MatMul", a.Device, residual.Device);
            if (residual.Shape != shape.Output) throw new ShapeException("MatMul", $"the residual has shape {residual.Shape}, expected {shape.Output}.");
        }
        var tape = Recorder(a, b, bias, residual);
        var y = Tensor.Empty(a.Device, shape.Output, "MatMul");
        var preactivation = tape is not null && ActivationGradient.NeedsInput(activation) ? Tensor.Empty(a.Device, shape.Output, "MatMul before gelu") : null;
        MatMulLaunch.Run(
            a.Buffer, b.Buffer, (preactivation ?? y).Buffer, new GemmSize(shape.M, shape.N, shape.K, 1, transposeA, transposeB), [.. shape.Axes],
            bias?.Buffer, preactivation is null ? activation : Activation.Identity, residual: residual?.Buffer);
        if (preactivation is not null) Elementwise.Forward<Gelu>(preactivation.Buffer, y.Buffer);
        tape?.Add(new MatMulOp(a, b, bias, residual, shape, activation, preactivation, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dz = ActivationGradient.Run(activation, preactivation?.Buffer, Output.Buffer, dy);
        var (m, n, k) = (shape.M, shape.N, shape.K);
        if (tape.Target(a, out bool accumulateA) is { } da)
        {
            if (shape.TransposeA)
                MatMulLaunch.RunSummed(
                    b.Buffer, dz, da, new GemmSize(k, m, n, 1, shape.TransposeB, true),
                    [.. shape.Axes.Select(axis => new BatchAxis(axis.Size, axis.B, axis.C, axis.A))], accumulateA);
            else
                MatMulLaunch.RunSummed(
                    dz, b.Buffer, da, new GemmSize(m, k, n, 1, false, !shape.TransposeB),
                    [.. shape.Axes.Select(axis => new BatchAxis(axis.Size, axis.C, axis.B, axis.A))], accumulateA);
        }
        if (tape.Target(b, out bool accumulateB) is { } db)
        {
            if (shape.TransposeB)
                MatMulLaunch.RunSummed(
                    dz, a.Buffer, db, new GemmSize(n, k, m, 1, true, shape.TransposeA),
                    [.. shape.Axes.Select(axis => new BatchAxis(axis.Size, axis.C, axis.A, axis.B))], accumulateB);
            else
                MatMulLaunch.RunSummed(
                    a.Buffer, dz, db, new GemmSize(k, n, m, 1, !shape.TransposeA, false),
                    [.. shape.Axes.Select(axis => new BatchAxis(axis.Size, axis.A, axis.C, axis.B))], accumulateB);
        }
        if (bias is not null && tape.Target(bias, out bool accumulateBias) is { } dbias)
            ColumnSums.Run(dz, n == 0 ? 0 : Output.Count / n, n, dbias, accumulateBias);
        if (residual is null) return;
        // Last: without an activation it may take over dz itself.
        if (activation == Activation.Identity) tape.PutShared(residual, Output);
        else tape.Give(residual, dz);
    }
}
