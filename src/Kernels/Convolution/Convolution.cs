namespace GpuNets.Kernels;

/// <summary>Convolutions and their gradients on any device. Operands must have the sizes of the <see cref="ConvSize"/>.</summary>
internal static class Convolution
{
    /// <summary>y = f(conv(x, weight) + bias).</summary>
    /// <param name="size">The sizes.</param>
    /// <param name="x">[Batch, In, Height, Width].</param>
    /// <param name="weight">[Out, In / Groups, KernelHeight, KernelWidth].</param>
    /// <param name="bias">[Out]; null for none.</param>
    /// <param name="y">[Batch, Out, OutHeight, OutWidth].</param>
    /// <param name="activation">The function f.</param>
    /// <param name="accumulate">Add to y, which is for sums without bias and f.</param>
    /// <param name="form">How it is computed; null asks the plan.</param>
    public static void Forward(
        ConvSize size, DeviceBuffer x, DeviceBuffer weight, DeviceBuffer? bias, DeviceBuffer y, Activation activation = Activation.Identity,
        bool accumulate = false, ConvForm? form = null)
    {
        if (y.Length == 0) return;
        var conv = TapConv.Forward(size);
        ConvForms.Run(form ?? ConvPlan.Form(conv, y.Device), conv, x, weight, y, bias, activation, accumulate);
    }

    /// <summary>dx = (or +=) the gradient to x; with bias and f it is a transposed convolution of dy.</summary>
    /// <param name="size">The sizes of the convolution.</param>
    /// <param name="dy">[Batch, Out, OutHeight, OutWidth].</param>
    /// <param name="weight">[Out, In / Groups, KernelHeight, KernelWidth].</param>
    /// <param name="dx">[Batch, In, Height, Width].</param>
    /// <param name="accumulate">Add to dx, which is for sums without bias and f.</param>
    /// <param name="bias">[In]; null for none.</param>
    /// <param name="activation">The function f.</param>
    /// <param name="form">How it is computed; null asks the plan.</param>
    public static void BackwardData(
        ConvSize size, DeviceBuffer dy, DeviceBuffer weight, DeviceBuffer dx, bool accumulate = false, DeviceBuffer? bias = null,
        Activation activation = Activation.Identity, ConvForm? form = null)
    {
        if (dx.Length == 0) return;
        TapConv[] problems = [.. TapConv.Backward(size)];
        if (problems.Length == 1 && problems[0] is { Terms: > 0, CoversTarget: true } one)
        {
            ConvForms.Run(form ?? ConvPlan.Form(one, dx.Device), one, dy, weight, dx, bias, activation, accumulate);
            return;
        }
        // A residue that no tap reaches is zero.
        if (!accumulate && Array.Exists(problems, problem => problem.Terms == 0)) dx.Device.Clear(dx);
        foreach (var problem in problems)
            if (problem.Terms > 0)
                ConvForms.Run(form ?? ConvPlan.Form(problem, dx.Device), problem, dy, weight, dx, null, Activation.Identity, accumulate);
        if (bias is not null || activation != Activation.Identity) BiasActivation.Run(dx, bias, size.In, size.InPlane, activation);
    }

    /// <summary>dw = (or +=) the gradient to the weight; the same bits every time.</summary>
    /// <param name="size">The sizes.</param>
    /// <param name="x">[Batch, In, Height, Width].</param>
    /// <param name="dy">[Batch, Out, OutHeight, OutWidth].</param>
    /// <param name="dw">[Out, In / Groups, KernelHeight, KernelWidth].</param>
    /// <param name="accumulate">Add to dw.</param>
    /// <param name="form">How it is computed; null asks the plan.</param>
    public static void BackwardWeight(ConvSize size, DeviceBuffer x, DeviceBuffer dy, DeviceBuffer dw, bool accumulate = false, ConvForm? form = null)
    {
        if (dw.Length == 0) return;
        bool empty = size.Batch == 0 || size.OutPlane == 0;
        // Taps that the mask leaves out have the gradient 0.
        if (!accumulate && (empty || size.Taps < size.Kernel)) dw.Device.Clear(dw);
        if (empty || size.Taps == 0) return;
        var conv = TapConv.Forward(size);
        ConvForms.Gradient(form ?? ConvPlan.GradientForm(conv, dw.Device), conv, x, dy, dw, accumulate);
    }
}
