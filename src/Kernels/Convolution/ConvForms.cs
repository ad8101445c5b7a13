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
        else if (form == ConvForm.Tf32)
            TapGradient.Run<TensorTapGradient<Tf32Format, ScalarAccess>, TensorTapGradient<Tf32Format, VectorAccess>>(conv, x, dy, dw, accumulate);
        else if (form == ConvForm.BFloat16)
            TapGradient.Run<TensorTapGradient<BFloat16Format, ScalarAccess>, TensorTapGradient<BFloat16Format, VectorAccess>>(conv, x, dy, dw, accumulate);
        else if (ConvPlan.LargeTeams(conv.Out, conv.Terms, conv.Batch, device.Info.Units))
            TapGradient.Run<TeamTapGradient<LargeTeamTile, ScalarAccess>, TeamTapGradient<LargeTeamTile, VectorAccess>>(conv, x, dy, dw, accumulate);
        else   // With vector access 151 registers: one group per multiprocessor instead of two.
            TapGradient.Run<TeamTapGradient<SmallTeamTile, ScalarAccess>, TeamTapGradient<SmallTeamTile, ScalarAccess>>(conv, x, dy, dw, accumulate);
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
        var matrix = PackTaps.Of(conv, weight, out var packed);
        if (conv.Terms % 4 == 0 && (matrix.LoadEffectiveAddressAsPtr() & 15) == 0)
            Team<VectorAccess, TActivation>(form, conv, source, matrix, target, bias, accumulate);
        else
            Team<ScalarAccess, TActivation>(form, conv, source, matrix, target, bias, accumulate);
        packed?.Free();
    }

    private static void Team<TAccess, TActivation>(
        ConvForm form, TapConv conv, DeviceBuffer source, ArrayView<float> weight, DeviceBuffer target, DeviceBuffer? bias, bool accumulate)
        where TAccess : struct, ITeamAccess where TActivation : struct, IUnaryOp
    {
        if (form == ConvForm.Tf32)
            Launch<TensorTapConv<Tf32Format, TAccess, TActivation>, TActivation>(conv, source, weight, target, bias, accumulate);
        else if (form == ConvForm.BFloat16)
            Launch<TensorTapConv<BFloat16Format, TAccess, TActivation>, TActivation>(conv, source, weight, target, bias, accumulate);
        else if (ConvPlan.LargeTeams(conv.Out, conv.Rows * conv.Columns, conv.Batch * conv.Groups, target.Device.Info.Units))
            Launch<TeamTapConv<LargeTeamTile, TAccess, TActivation>, TActivation>(conv, source, weight, target, bias, accumulate);
        else
            Launch<TeamTapConv<SmallTeamTile, TAccess, TActivation>, TActivation>(conv, source, weight, target, bias, accumulate);
    }

    private static void Launch<TKernel, TActivation>(
        TapConv conv, DeviceBuffer source, ArrayView<float> weight, DeviceBuffer target, DeviceBuffer? bias, bool accumulate)
        where TKernel : struct, ITapConvKernel<TKernel, TActivation> where TActivation : struct, IUnaryOp =>
        ITapConvKernel<TKernel, TActivation>.Launch(conv, source, weight, target, bias, accumulate);
}
