namespace GpuNets.Kernels;

/// <summary>Runs a problem in a form of <see cref="ConvPlan"/>.</summary>
internal static class ConvForms
{
    public static void Run(
        ConvForm form, TapConv conv, DeviceBuffer source, DeviceBuffer weight, DeviceBuffer target, DeviceBuffer? bias, Activation activation, bool accumulate)
    {
        var device = target.Device;
        if (device.Form == ExecutionForm.Host && form != ConvForm.Direct)
        {
            HostTapConv.Run(device, conv, source, weight, target, bias, activation, accumulate);
            return;
        }
        switch (activation)
        {
            case Activation.Identity: DirectConv<NoActivation>.Launch(conv, source, weight, target, bias, accumulate); break;
            case Activation.Relu: DirectConv<Relu>.Launch(conv, source, weight, target, bias, accumulate); break;
            case Activation.Tanh: DirectConv<Tanh>.Launch(conv, source, weight, target, bias, accumulate); break;
            case Activation.Sigmoid: DirectConv<Sigmoid>.Launch(conv, source, weight, target, bias, accumulate); break;
            case Activation.Gelu: DirectConv<Gelu>.Launch(conv, source, weight, target, bias, accumulate); break;
            default: throw new ArgumentOutOfRangeException(nameof(activation), activation, "not an activation");
        }
    }

    public static void Gradient(ConvForm form, TapConv conv, DeviceBuffer x, DeviceBuffer dy, DeviceBuffer dw, bool accumulate)
    {
        var device = dw.Device;
        if (device.Form == ExecutionForm.Host && form != ConvForm.Direct)
        {
            HostTapGradient.Run(device, conv, x, dy, dw, accumulate);
            return;
        }
        var layout = new Lattice(conv, conv.Rows);
        int plane = layout.Height * layout.Pitch, channel = layout.Phases.Length * plane;
        var lattice = device.Allocate(checked(conv.Batch * conv.Groups * conv.In * channel), "source of a convolution laid out");
        LatticeKernel.Launch(x, lattice, conv, layout);
        var (gradient, length) = Lines(conv, layout, dy);
        DirectConvGradient.Launch(conv, layout, layout.Offsets(plane, layout.Pitch), channel, lattice, gradient, length, dw, accumulate);
        if (!ReferenceEquals(gradient, dy)) gradient.Free();
        lattice.Free();
    }

    /// <summary>dy with rows as far apart as those of the lattice and zeros between them.</summary>
    private static (DeviceBuffer Lines, int Length) Lines(TapConv conv, Lattice layout, DeviceBuffer dy)
    {
        if (layout.Pitch == conv.Columns) return (dy, conv.TargetPlane);
        var lines = dy.Device.Allocate(checked(conv.Batch * conv.Groups * conv.Out * conv.Rows * layout.Pitch), "gradient in lines");
        WidenRows.Launch(dy, lines, conv.Columns, layout.Pitch);
        return (lines, conv.Rows * layout.Pitch);
    }
}
