namespace GpuNets.Models;

/// <summary>Order of the colours in the channels of an image.</summary>
public enum ChannelOrder
{
    /// <summary>Blue, green, red: networks trained with Caffe and OpenCV, the released ones among them.</summary>
    Bgr,

    /// <summary>Red, green, blue: networks of torchvision.</summary>
    Rgb,
}
