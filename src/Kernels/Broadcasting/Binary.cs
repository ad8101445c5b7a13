namespace GpuNets.Kernels;

/// <summary>Launches functions of two broadcast operands and their gradients.</summary>
internal static class Binary
{
    /// <summary>y = f(a, b); y has the shape of the plan's result.</summary>
    public static void Forward<TOp>(in Broadcast plan, DeviceBuffer a, DeviceBuffer b, DeviceBuffer y) where TOp : struct, IBinaryFunction
    {
        if (plan.InnerMovesA && plan.InnerMovesB) Forward<TOp, Along, Along>(plan, a, b, y);
        else if (plan.InnerMovesA) Forward<TOp, Along, Fixed>(plan, a, b, y);
        else Forward<TOp, Fixed, Along>(plan, a, b, y);
    }

    /// <summary>d = dy df/da (or df/db), summed over the axes along which that operand is repeated.</summary>
    public static void Gradient<TOp, TOperand>(in Broadcast plan, DeviceBuffer a, DeviceBuffer b, DeviceBuffer dy, DeviceBuffer d)
        where TOp : struct, IBinaryOp where TOperand : struct, IOperand
    {
        bool ofA = TOperand.IsA, repeats = plan.Repeats(ofA);
        int slope = ofA ? TOp.ConstantSlopeA : TOp.ConstantSlopeB;
        if (repeats && slope != 0)
        {
            Reduction.Run<SumOf>(dy, d, plan.Missing(ofA), slope);
        }
        else if (!repeats)
        {
            Slope<TOp, TOperand>(plan, a, b, dy, d);
        }
        else
        {
            var whole = d.Device.Allocate(plan.Result.Count, "gradient before its sum");
            Slope<TOp, TOperand>(plan, a, b, dy, whole);
            Reduction.Run<SumOf>(whole, d, plan.Missing(ofA));
            whole.Free();   // launches run in order: whoever gets the block next writes it later
        }
    }

    private static void Slope<TOp, TOperand>(in Broadcast plan, DeviceBuffer a, DeviceBuffer b, DeviceBuffer dy, DeviceBuffer d)
        where TOp : struct, IBinaryOp where TOperand : struct, IOperand
    {
        if (plan.InnerMovesA && plan.InnerMovesB) Slope<TOp, TOperand, Along, Along>(plan, a, b, dy, d);
        else if (plan.InnerMovesA) Slope<TOp, TOperand, Along, Fixed>(plan, a, b, dy, d);
        else Slope<TOp, TOperand, Fixed, Along>(plan, a, b, dy, d);
    }

    private static void Forward<TOp, TA, TB>(in Broadcast plan, DeviceBuffer a, DeviceBuffer b, DeviceBuffer y)
        where TOp : struct, IBinaryFunction where TA : struct, IFetch where TB : struct, IFetch
    {
        if (plan.IsFlat)
        {
            y.Device.ForEach(new BinaryForward<TOp, TA, TB> { A = a.Floats, B = b.Floats, Y = y.Floats }, plan.Result.Count);
            return;
        }
        if (BroadcastMatrix.Of(y.Device, plan, out var matrix, out int count))
        {
            y.Device.ForRowElements(
                new BinaryForwardMatrix<TOp, TA, TB> { A = a.Floats, B = b.Floats, Y = y.Floats, Matrix = matrix }, count, matrix.Columns);
            return;
        }
        var rows = new BroadcastRows(plan);
        y.Device.ForRows(new BinaryForwardRows<TOp, TA, TB> { A = a.Floats, B = b.Floats, Y = y.Floats, Rows = rows }, rows.Count, rows.Chunk);
    }

    private static void Slope<TOp, TOperand, TA, TB>(in Broadcast plan, DeviceBuffer a, DeviceBuffer b, DeviceBuffer dy, DeviceBuffer d)
        where TOp : struct, IBinaryOp where TOperand : struct, IOperand where TA : struct, IFetch where TB : struct, IFetch
    {
        if (plan.IsFlat)
        {
            var kernel = new BinaryGradient<TOp, TOperand, TA, TB> { A = a.Floats, B = b.Floats, DY = dy.Floats, D = d.Floats };
            d.Device.ForEach(kernel, plan.Result.Count);
            return;
        }
        if (BroadcastMatrix.Of(d.Device, plan, out var matrix, out int count))
        {
            d.Device.ForRowElements(
                new BinaryGradientMatrix<TOp, TOperand, TA, TB> { A = a.Floats, B = b.Floats, DY = dy.Floats, D = d.Floats, Matrix = matrix },
                count, matrix.Columns);
            return;
        }
        var rows = new BroadcastRows(plan);
        d.Device.ForRows(
            new BinaryGradientRows<TOp, TOperand, TA, TB> { A = a.Floats, B = b.Floats, DY = dy.Floats, D = d.Floats, Rows = rows },
            rows.Count, rows.Chunk);
    }
}
