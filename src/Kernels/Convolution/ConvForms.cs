using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>Runs a problem in a form of <see cref="ConvPlan"/>.</summary>
internal static class ConvForms
{
    public static void Run(
        ConvForm form, TapConv conv, DeviceBuffer source, DeviceBuffer weight, DeviceBuffer target, DeviceBuffer? bias, Activation activation, bool accumulate)
    {
        if (form == ConvForm.Product && ConvPlan.IsProduct(conv))
        {
            ProductConv.Run(conv, source, weight, target, bias, activation, accumulate);
            return;
        }
        if (target.Device.Form == ExecutionForm.Host && form != ConvForm.Direct)
        {
            HostTapConv.Run(target.Device, conv, source, weight, target, bias, activation, accumulate);
            return;
        }
        switch (activation)
        {
            case Activation.Identity: Run<NoActivation>(form, conv, source, weight, target, bias, accumulate); break;
            case Activation.Relu: Run<Relu>(form, conv, source, weight, target, bias, accumulate); break;
            case Activation.Tanh: Run<Tanh>(form, conv, source, weight, target, bias, accumulate); break;
            case Activation.Sigmoid: Run<Sigmoid>(form, conv, source, weight, target, bias, accumulate); break;
            case Activation.Gelu: Run<Gelu>(form, conv, source, weight, target, bias, accumulate); break;
            default: throw new ArgumentOutOfRangeException(nameof(activation), activation, "not an activation");
        }
    }

    public static void Gradient(ConvForm form, TapConv conv, DeviceBuffer x, DeviceBuffer dy, DeviceBuffer dw, bool accumulate)
    {
        var device = dw.Device;
        if (device.Form == ExecutionForm.Host && form == ConvForm.Direct) HostTapDots.Run(device, conv, x, dy, dw, accumulate);
        else if (form == ConvForm.Direct || (device.Form is ExecutionForm.Group or ExecutionForm.Warp && !ConvPlan.HasTeams(device)))
            DirectConvGradient.Run(conv, x, dy, dw, accumulate);
        else if (device.Form == ExecutionForm.Host) HostTapGradient.Run(device, conv, x, dy, dw, accumulate);
        else if (device.Form == ExecutionForm.Serial) ItemTapGradient.Run(conv, x, dy, dw, accumulate);
        else if (ConvPlan.LargeTeams(conv.Out, conv.Terms, conv.Batch, device.Info.Units)) TeamTapGradient<LargeTeamTile>.Run(conv, x, dy, dw, accumulate);
        else TeamTapGradient<SmallTeamTile>.Run(conv, x, dy, dw, accumulate);
    }

    private static void Run<TActivation>(
        ConvForm form, TapConv conv, DeviceBuffer source, DeviceBuffer weight, DeviceBuffer target, DeviceBuffer? bias, bool accumulate)
        where TActivation : struct, IUnaryOp
    {
        var device = target.Device;
        if (form == ConvForm.Direct || (device.Form != ExecutionForm.Serial && !ConvPlan.HasTeams(device)))
        {
            DirectConv<TActivation>.Launch(conv, source, weight, target, bias, accumulate);
            return;
        }
        if (device.Form == ExecutionForm.Serial)
        {
            if (conv.Out == 1) ItemTapConv<N1>.Run<TActivation>(conv, source, weight, target, bias, accumulate);
            else ItemTapConv<N4>.Run<TActivation>(conv, source, weight, target, bias, accumulate);
            return;
        }
        var layout = TapLayout.Of(conv, source, slack: 0, out var copy);
        var matrix = PackTaps.Of(conv, weight, out var packed);
        if (ConvPlan.LargeTeams(conv.Out, layout.Length, conv.Batch * conv.Groups, device.Info.Units))
            Team<LargeTeamTile, TActivation>(conv, layout, matrix, target, bias, accumulate);
        else
            Team<SmallTeamTile, TActivation>(conv, layout, matrix, target, bias, accumulate);
        packed?.Free();
        copy?.Free();
    }

    private static void Team<TTile, TActivation>(
        TapConv conv, in TapLayout layout, ArrayView<float> weight, DeviceBuffer target, DeviceBuffer? bias, bool accumulate)
        where TTile : struct, ITeamTile<TTile> where TActivation : struct, IUnaryOp
    {
        if (conv.Terms % 4 == 0 && (weight.LoadEffectiveAddressAsPtr() & 15) == 0)
            TeamTapConv<TTile, VectorAccess, TActivation>.Launch(conv, layout, weight, target, bias, accumulate);
        else
            TeamTapConv<TTile, ScalarAccess, TActivation>.Launch(conv, layout, weight, target, bias, accumulate);
    }
}
